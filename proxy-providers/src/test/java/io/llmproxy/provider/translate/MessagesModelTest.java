package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesModelTest {

  @ParameterizedTest
  @CsvSource({
    "claude-fable-5-2, 128000, ALWAYS, nothing",
    "claude-fable-5-1, 128000, ALWAYS, nothing",
    "claude-fable-5, 128000, ALWAYS, force",
    "claude-opus-5-5, 128000, ALWAYS, nothing",
    "claude-sonnet-5-5, 128000, BETWEEN_TOOLS, nothing",
    "claude-haiku-5-5, 128000, ADAPTIVE, force",
    "claude-opus-5, 128000, ADAPTIVE, force",
    "claude-opus-5-20260301, 128000, ADAPTIVE, force",
    "claude-sonnet-5, 128000, ADAPTIVE, force",
    "claude-opus-4-8, 128000, ADAPTIVE, force",
    "claude-opus-4-7-20260416, 128000, ADAPTIVE, force",
    "claude-opus-4-6, 128000, ADAPTIVE, sampling+force",
    "claude-sonnet-4-6, 64000, ADAPTIVE, sampling+force+prefill",
    "anthropic/claude-opus-4.5, 64000, BUDGET, sampling+force+prefill",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, 64000, BUDGET, sampling+force+prefill",
    "claude-haiku-4-5@20251001, 64000, BUDGET, sampling+force+prefill",
    "claude-opus-4-1-20250805, 32000, BUDGET, sampling+force+prefill",
    "claude-opus-4-20250514, 32000, BUDGET, sampling+force+prefill",
    "claude-4-sonnet-20250514, 64000, BUDGET, sampling+force+prefill",
    "claude-3-7-sonnet-20250219, 64000, BUDGET, sampling+force+prefill",
    "claude-3-haiku-20240307, 4096, NONE, sampling+force+prefill",
    "claude-next-9, 128000, ADAPTIVE, force",
    "claude-opus-50, 128000, ADAPTIVE, force",
    "some-other-model, 128000, ADAPTIVE, force"
  })
  void knowsWhatModelsCanBeAskedFor(
      String name, int maxOutput, ThinkingMode thinking, String allowed) {
    MessagesModel model = MessagesModel.of(name);

    assertThat(model.name()).isEqualTo(name);
    assertThat(model.maxOutputTokens()).isEqualTo(maxOutput);
    assertThat(model.thinking()).isEqualTo(thinking);
    assertThat(allowed(model)).isEqualTo(allowed);
  }

  @Test
  void takesNoSamplingInTheNewVersion() {
    MessagesModel model =
        MessagesModel.of("claude-sonnet-4-5").inVersion(MessagesModel.VERSION_2026);

    assertThat(model.samplingAllowed()).isFalse();
  }

  @Test
  void refusesALimitOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new MessagesModel(
                "m",
                0,
                MessagesModel.VERSION_2023,
                true,
                true,
                true,
                true,
                ThinkingMode.NONE,
                List.of()))
        .withMessageContaining("maxOutputTokens: 0");
  }

  private static String allowed(MessagesModel model) {
    List<String> allowed = new ArrayList<>();
    if (model.samplingAllowed()) {
      allowed.add("sampling");
    }
    if (model.forcedToolAllowed()) {
      allowed.add("force");
    }
    if (model.prefillAllowed()) {
      allowed.add("prefill");
    }
    return allowed.isEmpty() ? "nothing" : String.join("+", allowed);
  }
}
