package io.llmproxy.provider.groq;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.request.Adapted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GroqQuirksTest {

  @ParameterizedTest
  @ValueSource(strings = {"2", "0", "1.5", "\"1\"", "[1]"})
  void refusesMoreThanOneChoice(String n) {
    Adapted adapted = Adapted.of(new GroqQuirks(), "{\"model\":\"m\",\"n\":" + n + "}");
    assertThat(adapted.refusal())
        .startsWith("n: ")
        .endsWith("(expected: 1, since Groq gives one choice)");
  }

  @EdgeCase(22)
  @Test
  void keepsOneChoiceAndDropsNone() {
    assertThat(Adapted.of(new GroqQuirks(), "{\"model\":\"m\",\"n\":1}").text())
        .isEqualTo("{\"model\":\"m\",\"n\":1}");
    assertThat(Adapted.of(new GroqQuirks(), "{\"n\":null,\"model\":\"m\"}").text())
        .isEqualTo("{\"model\":\"m\"}");
  }

  @EdgeCase(22)
  @Test
  void removesWhatGroqRefuses() {
    Adapted adapted =
        Adapted.of(
            new GroqQuirks(),
            "{\"logprobs\":true,\"top_logprobs\":2,\"model\":\"m\",\"logit_bias\":{},\"n\":1,"
                + "\"messages\":[{\"role\":\"user\",\"name\":\"x\",\"content\":\"hi\"},"
                + "{\"name\":\"x\"},{\"role\":\"developer\"}],\"seed\":7}");
    assertThat(adapted.text())
        .isEqualTo(
            "{\"model\":\"m\",\"n\":1,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
                + "{},{\"role\":\"system\"}],\"seed\":7}");
    assertThat(adapted.told())
        .containsExactly(
            "DROPPED logprobs",
            "DROPPED top_logprobs",
            "DROPPED logit_bias",
            "DROPPED messages[].name",
            "REPLACED messages[].role");
  }

  @Test
  void stillAsksForUsage() {
    assertThat(
            Adapted.of(new GroqQuirks(), "{\"logprobs\":false,\"stream\":true,\"model\":\"m\"}")
                .text())
        .isEqualTo("{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"model\":\"m\"}");
  }
}
