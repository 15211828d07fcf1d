package io.llmproxy.provider.grok;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.Adapted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GrokQuirksTest {
  private static final String FIELDS =
      "{\"model\":\"m\",\"presence_penalty\":1,\"frequency_penalty\":1,"
          + "\"reasoning_effort\":\"low\"}";

  @ParameterizedTest
  @ValueSource(strings = {"{\"mode\":\"auto\"}", "true", "[]"})
  void refusesTheSearchThatIsNoMore(String search) {
    Adapted adapted = adapt("grok-3", "{\"model\":\"m\",\"search_parameters\":" + search + "}");
    assertThat(adapted.refusal()).startsWith("search_parameters: ").contains("retired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"x\"", "[\"x\"]", "[\"x\",\"y\"]"})
  void refusesToDropStopSequencesOfAReasoningModel(String stop) {
    String text = "{\"model\":\"m\",\"stop\":" + stop + "}";
    assertThat(adapt("grok-4.7", text).refusal()).startsWith("stop: ");
    assertThat(adapt("grok-3", text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "grok-3, false, false",
    "grok-3-mini, true, true",
    "grok-4, true, false",
    "grok-4-0709, true, false",
    "grok-4-1-fast-non-reasoning, false, false",
    "grok-4.20, true, false",
    "grok-4.20-0309-non-reasoning, false, false",
    "grok-4.20-multi-agent-0309, true, true",
    "grok-4.3, true, true",
    "grok-4.5-latest, true, true",
    "grok-4.7, true, true",
    "grok-5, true, true",
    "grok-code-fast-1, true, false",
    "grok-build-0.1, true, false",
    "grok-beta, false, false"
  })
  void goesByTheModel(String model, boolean reasons, boolean effort) {
    Adapted adapted = adapt(model, FIELDS);
    assertThat(adapted.text().contains("presence_penalty")).isEqualTo(!reasons);
    assertThat(adapted.text().contains("frequency_penalty")).isEqualTo(!reasons);
    assertThat(adapted.text().contains("reasoning_effort")).isEqualTo(effort);
    assertThat(adapted.changes()).hasSize((reasons ? 2 : 0) + (effort ? 0 : 1));
  }

  @Test
  void omitsAnEmptyListOfToolsAndTheChoiceAmongThem() {
    assertThat(adapt("grok-4.7", "{\"tools\":[ ],\"tool_choice\":\"auto\",\"model\":\"m\"}").text())
        .isEqualTo("{\"model\":\"m\"}");
    String some = "{\"model\":\"m\",\"tools\":[{}],\"tool_choice\":\"auto\"}";
    assertThat(adapt("grok-4.7", some).text()).isEqualTo(some);
  }

  @Test
  void dropsWhatSaysNothing() {
    assertThat(adapt("grok-4.7", "{\"stop\":[],\"model\":\"m\",\"search_parameters\":null}").text())
        .isEqualTo("{\"model\":\"m\"}");
  }

  private static Adapted adapt(String model, String text) {
    return Adapted.of(GrokQuirks.of(model), text);
  }
}
