package io.llmproxy.bench.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each row adds members to a body that is taken; a member of the same name replaces it.
final class ChatRulesTest {

  private static String say(RequestRules rules, String model, String more) throws IOException {
    String body =
        """
        {"model":"m","messages":[{"role":"user","content":"hi"}]%s}
        """
            .formatted(more.isEmpty() ? "" : "," + expanded(more));
    return Verdict.of(rules, new Asked(Endpoint.CHAT, model, "", false), body);
  }

  private static String expanded(String text) {
    return text.replace(
            "CALLS",
            "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]}")
        .replace("DONE", "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"9\"}")
        .replace("USER", "{\"role\":\"user\",\"content\":\"hi\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          m       | "xyz":1                          | 400 Unrecognized request argument supplied: xyz
          m       | "top_k":1                        | 400 Unrecognized request argument supplied: top_k
          m       | "system":"s"                     | 400 Unrecognized request argument supplied: system
          m       | "thinking":{"type":"enabled"}    | 400 Unrecognized request argument supplied: thinking
          m       | "messages":null                  | 400 Missing required parameter: 'messages'. (messages) [missing_required_parameter]
          m       | "messages":[]                    | 400 Invalid 'messages': empty array.
          m       | "max_tokens":"9"                 | 400 Invalid type for 'max_tokens': expected an integer, but got a string instead. (max_tokens) [invalid_type]
          m       | "stream":1                       | 400 Invalid type for 'stream': expected a boolean, but got an integer instead.
          m       | "temperature":2.5                | 400 Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead. (temperature) [decimal_above_max_value]
          m       | "presence_penalty":-3            | 400 Invalid 'presence_penalty': decimal below minimum value.
          m       | "top_logprobs":21                | 400 Invalid 'top_logprobs': decimal above maximum value.
          m       | "stop":["a","b","c","d","e"]     | 400 Invalid 'stop': array too long.
          o3      | "stop":"a"                       | 400 Unsupported parameter: 'stop' is not supported with this model. (stop) [unsupported_parameter]
          m       | "stream_options":{"include_usage":true} | 400 The 'stream_options' parameter is only allowed when 'stream' is enabled. (stream_options)
          m       | "service_tier":"standard_only"   | 400 Invalid value: 'standard_only'. Supported values are: 'auto', 'default',
          m       | "reasoning_effort":"huge"        | 400 Invalid value: 'huge'.
          m       | "metadata":{"a":1}               | 400 Invalid type for 'metadata.a': expected a string, but got an integer instead.
          gpt-6.1-terra | "max_tokens":9             | 400 Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead. (max_tokens) [unsupported_parameter]
          o4-mini | "max_tokens":9                   | 400 Unsupported parameter: 'max_tokens'
          gpt-5   | "temperature":0.2                | 400 Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported. (temperature) [unsupported_value]
          gpt-5   | "top_p":0.2                      | 400 Unsupported value: 'top_p'
          gpt-6-sol | "frequency_penalty":1          | 400 Unsupported value: 'frequency_penalty'
          gpt-5   | "logprobs":true                  | 400 Unsupported parameter: 'logprobs'
          gpt-5   | "logit_bias":{"1":2}             | 400 Unsupported parameter: 'logit_bias'
          gpt-5-codex | "n":1                        | 404 This model is only supported in v1/responses and not in v1/chat/completions. (model)
          m       | "tools":[{"name":"a","input_schema":{}}] | 400 Missing required parameter: 'tools[0].type'.
          m       | "tools":[{"type":"function","name":"a"}] | 400 Missing required parameter: 'tools[0].function'.
          m       | "tools":[{"type":"function","function":{"name":"a b"}}] | 400 Invalid 'tools[0].function.name': string does not match pattern.
          m       | "tools":[{"type":"function","function":{"name":"a","strict":true,"parameters":{"type":"object"}}}] | 400 Invalid schema for function 'a': In context=(), 'additionalProperties' is required
          m       | "tool_choice":"any"              | 400 Invalid value: 'any'. Supported values are: 'none', 'auto', 'required'. (tool_choice) [invalid_value]
          m       | "tool_choice":{"type":"tool","name":"a"} | 400 Invalid value: 'tool'.
          m       | "tool_choice":{"type":"function"} | 400 Missing required parameter: 'tool_choice.function'.
          m       | "response_format":{"type":"json_schema","schema":{}} | 400 Missing required parameter: 'response_format.json_schema'.
          m       | "response_format":{"type":"json_schema","json_schema":{"schema":{}}} | 400 Missing required parameter: 'response_format.json_schema.name'.
          m       | "response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","additionalProperties":false,"properties":{"b":{}}}}} | 400 Invalid schema for response_format 'a': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.
          m       | "messages":[{"role":"human","content":"a"}] | 400 Invalid value: 'human'. Supported values are: 'system',
          m       | "messages":[{"role":"user","content":null}] | 400 Invalid value for 'content': expected a string, got null. (messages[0].content)
          m       | "messages":[{"role":"user","content":[{"type":"image","source":{}}]}] | 400 Invalid value: 'image'.
          m       | "messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://a"}]}] | 400 Invalid type for 'messages[0].content[0].image_url': expected an object, but got a string instead.
          m       | "messages":[USER,DONE]           | 400 Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'. (messages.[1].role)
          m       | "messages":[USER,CALLS]          | 400 An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: c1 (messages)
          m       | "messages":[CALLS,USER,DONE]     | 400 An assistant message with 'tool_calls' must be followed
          m       | "messages":[CALLS,{"role":"tool","tool_call_id":"c1","content":[{"type":"image_url","image_url":{"url":"https://a"}}]}] | 400 Invalid value: 'image_url'. Supported values are: 'text'.
          m       | "messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"a","arguments":{}}}]}] | 400 Invalid type for 'messages[0].tool_calls[0].function.arguments': expected a string, but got an object instead.
          m       | "messages":[USER,CALLS,DONE]     | taken
          gpt-5   | "max_completion_tokens":9,"temperature":1,"stop":["a"] | taken
          gpt-6-luna | "reasoning_effort":"none","temperature":0.2 | taken
          gpt-4o  | "max_tokens":9,"temperature":0.2,"logprobs":true | taken
          m       | "stream":true,"stream_options":{"include_usage":true},"user":null | taken
          m       | "messages":[{"role":"developer","content":"a"},{"role":"assistant","content":"b"}] | taken
          """)
  void refusesAsOpenAiDoes(String model, String more, String words) throws IOException {
    assertThat(say(RequestRules.openAi(), model, more)).startsWith(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          m | "logprobs":true      | 400 property 'logprobs' is unsupported
          m | "top_logprobs":2     | 400 property 'top_logprobs' is unsupported
          m | "logit_bias":{}      | 400 property 'logit_bias' is unsupported
          m | "top_k":2            | 400 property 'top_k' is unsupported
          m | "n":2                | 400 'n' : number must be at most 1
          m | "max_tokens":"9"     | 400 'max_tokens' : value must be an integer
          m | "messages":[]        | 400 'messages' : minimum number of items is 1
          m | "messages":[{"role":"user","name":"bob","content":"a"}] | 400 'messages.0' : for 'role:user' the following must be satisfied[('messages.0' : property 'name' is unsupported)]
          m | "messages":[{"role":"developer","content":"a"}] | 400 'messages.0' : discriminator property 'role' has invalid value
          m | "messages":[{"role":"tool","content":"a"}] | 400 'messages.0' : for 'role:tool' the following must be satisfied[('messages.0' : property 'tool_call_id' is missing)]
          m | "service_tier":"priority" | 400 'service_tier' : value must be one of
          m | "reasoning_format":"raw","include_reasoning":true | 400 cannot specify both `include_reasoning` and `reasoning_format`
          m | "reasoning_format":"raw","response_format":{"type":"json_object"} | 400 `reasoning_format` must be set to either `parsed` or `hidden`
          openai/gpt-oss-120b | "reasoning_effort":"none" | 400 'reasoning_effort' : value must be one of [`low`, `medium`, `high`]
          qwen/qwen3-32b      | "reasoning_effort":"low"  | 400 'reasoning_effort' : value must be one of [`none`, `default`]
          qwen/qwen3.8-27b    | "reasoning_effort":"low"  | taken
          m | "n":1,"max_tokens":9,"temperature":0 | taken
          m | "messages":[{"role":"assistant","content":"a","reasoning":"b"}] | taken
          """)
  void refusesAsGroqDoes(String model, String more, String words) throws IOException {
    assertThat(say(RequestRules.groq(), model, more)).startsWith(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          m       | "stop":["a","b"]      | 400 stop 参数非法。请检查文档 [1214]
          m       | "stop":"a"            | 400 stop 参数非法。请检查文档 [1214]
          m       | "temperature":1.5     | 400 temperature 参数非法。请检查文档 [1214]
          m       | "top_p":0             | 400 top_p 参数非法。请检查文档 [1214]
          m       | "tool_choice":"none"  | 400 tool_choice 参数非法。请检查文档 [1214]
          m       | "tool_choice":"required" | 400 tool_choice 参数非法。请检查文档 [1214]
          m       | "tool_choice":{"type":"function","function":{"name":"a"}} | 400 tool_choice 参数非法
          m       | "messages":null       | 400 未正常接收到messages参数。 [1213]
          m       | "messages":[]         | 400 messages 参数非法。请检查文档 [1214]
          m       | "messages":[{"role":"developer","content":"a"},USER] | 400 messages 参数非法
          m       | "messages":[{"role":"system","content":"a"}] | 400 messages 参数非法
          m       | "messages":[{"role":"user","content":[{"type":"image"}]}] | 400 messages 参数非法
          glm-5.3 | "thinking":{"type":"disabled"} | 400 thinking 参数非法
          glm-5.3 | "reasoning_effort":"xhigh" | 400 reasoning_effort 参数非法
          glm-5.3 | "max_tokens":131073   | 400 max_tokens 参数非法
          glm-4.6 | "thinking":{"type":"disabled"},"max_tokens":200000 | taken
          m       | "stop":["a"],"temperature":1,"top_p":0.01,"tool_choice":"auto","seed":1,"n":2 | taken
          """)
  void refusesAsGlmDoes(String model, String more, String words) throws IOException {
    assertThat(say(RequestRules.glm(), model, more)).startsWith(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          grok-4.7    | "presence_penalty":0    | 400 Argument not supported on this model: presencePenalty
          grok-4.7    | "frequency_penalty":0.1 | 400 Argument not supported on this model: frequencyPenalty
          grok-3-mini | "stop":["a"]            | 400 Argument not supported on this model: stop
          grok-4.20-0309-non-reasoning | "reasoning_effort":"low" | 400 Model grok-4.20-0309-non-reasoning does not support parameter reasoningEffort.
          grok-4.20-0309 | "reasoning_effort":"low" | 400 Model grok-4.20-0309 does not support parameter reasoningEffort.
          grok-3      | "reasoning_effort":"low" | 400 Model grok-3 does not support parameter reasoningEffort.
          m           | "tools":[]              | 400 Invalid arguments passed to the model: tools must not be empty.
          m           | "search_parameters":{}  | 400 Live search is deprecated.
          m           | "top_logprobs":9        | 400 top_logprobs must be between 0 and 8.
          m           | "max_tokens":"9"        | 422 Failed to deserialize the JSON body into the target type: max_tokens: invalid type: a string, expected an integer
          grok-4.7    | "reasoning_effort":"low" | taken
          grok-4.3    | "reasoning_effort":"none" | taken
          grok-4.20-multi-agent | "reasoning_effort":"low" | taken
          grok-3      | "stop":["a"],"presence_penalty":1 | taken
          grok-4.20-0309-non-reasoning | "stop":["a"] | taken
          """)
  void refusesAsGrokDoes(String model, String more, String words) throws IOException {
    assertThat(say(RequestRules.grok(), model, more)).startsWith(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "xyz":1                   | 400 Unrecognized request argument supplied: xyz
          "input":null              | 400 Missing required parameter: 'input'.
          "input":5                 | 400 Invalid type for 'input': expected a string or an array, but got an integer instead.
          "encoding_format":"int8"  | 400 Invalid value: 'int8'. Supported values are: 'float', 'base64'.
          "dimensions":8            | taken
          """)
  void refusesEmbeddingsAsOpenAiDoes(String more, String words) throws IOException {
    String body = "{\"model\":\"m\",\"input\":\"a\"," + more + "}";
    Asked asked = new Asked(Endpoint.EMBEDDINGS, "m", "", false);
    assertThat(Verdict.of(RequestRules.openAi(), asked, body)).startsWith(words);
  }
}
