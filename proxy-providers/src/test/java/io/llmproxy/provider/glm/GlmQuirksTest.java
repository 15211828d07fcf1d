package io.llmproxy.provider.glm;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.request.Adapted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlmQuirksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}} | response_format.type: json_schema"
            + " (expected: json_object or text, since GLM takes no schema)",
        "\"stop\":[\"a\",\"b\"] | stop: a list of 2 (expected: one stop word, as GLM takes it)",
        "\"stop\":[\"a\", \"b\" ,\"c\"] | stop: a list of 3 (expected: one stop word,"
            + " as GLM takes it)"
      })
  void refusesWhatItCannotMapToGlm(String field, String why) {
    assertThat(adapt(field).refusal()).isEqualTo(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "\"seed\":1 | ``                                | DROPPED seed",
        "\"n\":2 | ``                                   | DROPPED n",
        "\"logprobs\":true | ``                         | DROPPED logprobs",
        "\"top_logprobs\":3 | ``                        | DROPPED top_logprobs",
        "\"logit_bias\":{\"a\":[1,\"}\"]} | ``          | DROPPED logit_bias",
        "\"presence_penalty\":0.5 | ``                  | DROPPED presence_penalty",
        "\"frequency_penalty\":-1e-1 | ``               | DROPPED frequency_penalty",
        "\"\\u0073eed\":1 | ``                          | DROPPED seed",
        "\"stream_options\":{\"include_usage\":true} | `` | DROPPED stream_options",
        "\"max_completion_tokens\":9 | ,\"max_tokens\":9 | RENAMED max_completion_tokens",
        "\"max_completion_tokens\":null | ``            | DROPPED max_completion_tokens",
        "\"max_tokens\":9 | ,\"max_tokens\":9           | -",
        "\"stop\":\"x\" | ,\"stop\":[\"x\"]             | REPLACED stop",
        "\"stop\":[\"x\"] | ,\"stop\":[\"x\"]           | -",
        "\"stop\":[ ] | ``                              | DROPPED stop",
        "\"stop\":null | ``                             | DROPPED stop",
        "\"temperature\":1.5 | ,\"temperature\":1       | REPLACED temperature",
        "\"temperature\":1e400 | ,\"temperature\":1     | REPLACED temperature",
        "\"temperature\":0.30 | ,\"temperature\":0.30   | -",
        "\"temperature\":0 | ,\"temperature\":0         | -",
        "\"temperature\":null | ,\"temperature\":null   | -",
        "\"top_p\":0 | ,\"top_p\":0.01                  | REPLACED top_p",
        "\"top_p\":1 | ,\"top_p\":1                     | -",
        "\"tool_choice\":\"auto\" | ,\"tool_choice\":\"auto\" | -",
        "\"tool_choice\":\"required\" | ,\"tool_choice\":\"auto\" | REPLACED tool_choice",
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"
            + " | ,\"tool_choice\":\"auto\" | REPLACED tool_choice",
        "\"seeds\":1 | ,\"seeds\":1                     | -"
      })
  void changesOneFieldAndNothingElse(String field, String expected, String told) {
    Adapted adapted = adapt(field);
    assertThat(adapted.text())
        .isEqualTo("{\"model\": \"glm-5.3\" ,\"stream\":true" + expected + ", \"x\" : 1}");
    assertThat(String.join(",", adapted.told())).isEqualTo(told == null ? "" : told);
    assertThat(adapted.fault()).isNull();
  }

  @Test
  void prefersTheNewerLimitWhereBothAreThere() {
    assertThat(
            Adapted.of(
                    new GlmQuirks(),
                    "{\"max_tokens\":1,\"max_completion_tokens\":2,\"model\":\"m\"}")
                .text())
        .isEqualTo("{\"max_tokens\":2,\"model\":\"m\"}");
  }

  @Test
  void dropsToolsThatMustNotBeCalled() {
    Adapted adapted =
        Adapted.of(
            new GlmQuirks(),
            "{\"model\":\"m\",\"tools\":[{\"function\":{\"strict\":true}}],"
                + "\"tool_choice\":\"none\"}");
    assertThat(adapted.text()).isEqualTo("{\"model\":\"m\"}");
    assertThat(adapted.told()).containsExactly("DROPPED tools", "DROPPED tool_choice");
  }

  @Test
  void adaptsEachMessageAndToolButNotWhatIsInsideThem() {
    Adapted adapted =
        Adapted.of(
            new GlmQuirks(),
            """
            {"model":"m","messages":[
              {"role":"developer","name":"boss","content":"say \\"name\\":1"},
              {"name":"a","role":"user","content":[{"type":"text","name":"kept","text":"}]"}]},
              {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}],"name":"b"},
              7
            ],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"strict":1}}}]}\
            """);
    assertThat(adapted.text())
        .isEqualTo(
            """
            {"model":"m","messages":[
              {"role":"system","content":"say \\"name\\":1"},
              {"role":"user","content":[{"type":"text","name":"kept","text":"}]"}]},
              {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},
              7
            ],"tools":[{"type":"function","function":{"name":"f","parameters":{"strict":1}}}]}\
            """);
    assertThat(adapted.told())
        .containsExactly(
            "DROPPED tools[].function.strict",
            "DROPPED messages[].name",
            "REPLACED messages[].role");
  }

  private static Adapted adapt(String field) {
    return Adapted.of(
        new GlmQuirks(), "{\"model\": \"glm-5.3\" ,\"stream\":true," + field + ", \"x\" : 1}");
  }
}
