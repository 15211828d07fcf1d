package io.llmproxy.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.Adapted;
import io.llmproxy.provider.request.ChatQuirks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiQuirksTest {

  @ParameterizedTest
  @ValueSource(strings = {"o1", "o4-mini", "gpt-5", "gpt-6.1-terra", "gpt-10", "ft:o3:acme"})
  void givesReasoningModelsTheNewerLimit(String model) {
    Adapted adapted =
        Adapted.of(
            OpenAiQuirks.of(model), "{\"model\":\"m\", \"max_tokens\" : 5,\"temperature\":2}");
    assertThat(adapted.text())
        .isEqualTo("{\"model\":\"m\", \"max_completion_tokens\" : 5,\"temperature\":2}");
    assertThat(adapted.told()).containsExactly("RENAMED max_tokens");
  }

  @Test
  void keepsTheNewerLimitWhereBothAreThere() {
    assertThat(
            Adapted.of(
                    OpenAiQuirks.of("gpt-6-sol"),
                    "{\"max_tokens\":1,\"max_completion_tokens\":2,\"model\":\"m\"}")
                .text())
        .isEqualTo("{\"max_completion_tokens\":2,\"model\":\"m\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "gpt-4.1-mini", "gpt-3.5-turbo", "chatgpt-4o-latest", "own"})
  void leavesOtherModelsAlone(String model) {
    assertThat(OpenAiQuirks.of(model)).isSameAs(ChatQuirks.NONE);
  }
}
