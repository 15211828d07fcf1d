package io.llmproxy.bench.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponsesRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "messages":[]              | 400 Unknown parameter: 'messages'. (messages) [unknown_parameter]
          "max_tokens":9             | 400 Unknown parameter: 'max_tokens'.
          "response_format":{}       | 400 Unknown parameter: 'response_format'.
          "input":null               | 400 Missing required parameter: 'input'. (input)
          "input":5                  | 400 Invalid type for 'input'
          "temperature":0.2          | 400 Unsupported value: 'temperature' does not support 0.2
          "stream_options":{}        | 400 The 'stream_options' parameter is only allowed when 'stream' is enabled.
          "reasoning":{"effort":"x"} | 400 Invalid value: 'x'.
          "tools":[{"type":"function","function":{"name":"a"}}] | 400 Missing required parameter: 'tools[0].name'.
          "text":{"format":{"type":"json_schema","json_schema":{"name":"a"}}} | 400 Missing required parameter: 'text.format.name'.
          "text":{"format":{"type":"json_schema","name":"a"}} | 400 Missing required parameter: 'text.format.schema'.
          "input":[{"role":"tool","content":"a"}] | 400 Invalid value: 'tool'.
          "input":[{"role":"user","content":[{"type":"text","text":"a"}]}] | 400 Invalid value: 'text'.
          "input":[{"role":"user","content":[{"type":"input_image","image_url":{"url":"https://a"}}]}] | 400 Invalid type for 'input[0].content[0].image_url': expected an image URL, but got an object instead.
          "input":[{"type":"function_call","call_id":"c","name":"a","arguments":"{}"}] | 400 No tool output found for function call c. (input)
          "input":[{"type":"function_call_output","call_id":"c","output":"a"}] | 400 No tool call found for function call output with call_id c. (input)
          "input":[{"type":"function_call","id":"c","name":"a","arguments":"{}"}] | 400 Missing required parameter: 'input[0].call_id'.
          "input":[{"type":"function_call","call_id":"c","name":"a","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"a"}] | taken
          "previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"c","output":"a"}] | taken
          "reasoning":{"effort":"none"},"temperature":0.2 | taken
          "text":{"format":{"type":"json_schema","name":"a","schema":{}},"verbosity":"low"} | taken
          """)
  void refusesAsOpenAiDoes(String more, String words) throws IOException {
    String body = "{\"model\":\"m\",\"input\":\"hi\"," + more + "}";
    Asked asked = new Asked(Endpoint.RESPONSES, "gpt-6.1-terra", "", false);
    assertThat(Verdict.of(RequestRules.openAi(), asked, body)).startsWith(words);
  }
}
