package io.llmproxy.bench.simulator.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each row adds members to a body that is taken; a member of the same name replaces it.
final class AnthropicRulesTest {

  private static final String OLDER = "2023-06-01";

  private static String say(Asked asked, String more) throws IOException {
    String body =
        """
        {"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"hi"}]%s}
        """
            .formatted(more.isEmpty() ? "" : "," + expanded(more));
    return Verdict.of(RequestRules.anthropic(), asked, body);
  }

  /// `T` stands for a list of one tool, `CALL` for a call of it, `DONE` for its result.
  private static String expanded(String text) {
    return text.replace(
            "=T", ":[{\"name\":\"now\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}]")
        .replace("CALL", "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"now\",\"input\":{}}")
        .replace("DONE", "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"9\"}");
  }

  private static Asked asked(String model) {
    return new Asked(Endpoint.CHAT, model, OLDER, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "xyz":1                             | xyz: Extra inputs are not permitted
          "n":1                               | n: Extra inputs are not permitted
          "stop":["a"]                        | stop: Extra inputs are not permitted
          "response_format":{"type":"text"}   | response_format: Extra inputs are not permitted
          "mcp_servers":[]                    | mcp_servers: Extra inputs are not permitted
          "max_tokens":null                   | max_tokens: Field required
          "model":null                        | model: Field required
          "messages":null                     | messages: Field required
          "messages":[]                       | messages: at least one message is required
          "max_tokens":"9"                    | max_tokens: Input should be a valid integer
          "max_tokens":-1                     | max_tokens: Input should be greater than or equal to 0
          "stream":"yes"                      | stream: Input should be a valid boolean
          "messages":{}                       | messages: Input should be a valid list
          "tool_choice":"auto"                | tool_choice: Input should be an object
          "temperature":1.5                   | temperature: Input should be less than or equal to 1
          "temperature":-0.5                  | temperature: Input should be greater than or equal to 0
          "service_tier":"default"            | service_tier: Input should be 'auto', 'standard_only'
          "speed":"slow"                      | speed: Input should be 'standard', 'fast'
          "metadata":{"team":"a"}             | metadata.team: Extra inputs are not permitted
          "stop_sequences":[" "]              | stop_sequences: each stop sequence must contain non-whitespace
          "thinking":{"type":"on"}            | thinking: Input tag 'on' found using 'type' does not match
          "thinking":{"type":"enabled"}       | thinking.enabled.budget_tokens: Field required
          "thinking":{"type":"enabled","budget_tokens":1000} | thinking.enabled.budget_tokens: Input should be greater than or equal to 1024
          "thinking":{"type":"enabled","budget_tokens":4096} | `max_tokens` must be greater than `thinking.budget_tokens`
          "thinking":{"type":"adaptive","budget_tokens":2000} | thinking.adaptive.budget_tokens: Extra inputs are not permitted
          "thinking":{"type":"enabled","budget_tokens":2000},"temperature":0.5 | `temperature` may only be set to 1 when thinking is enabled.
          "thinking":{"type":"enabled","budget_tokens":2000},"top_k":5 | `top_k` must be unset when thinking is enabled.
          "thinking":{"type":"enabled","budget_tokens":2000},"tools"=T,"tool_choice":{"type":"any"} | Thinking may not be enabled when tool_choice forces tool use.
          "output_config":{"effort":"minimal"} | output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh', 'max'
          "output_config":{"speed":1}         | output_config.speed: Extra inputs are not permitted
          "output_config":{"format":{"type":"json_object"}} | output_config.format.type: Input should be 'json_schema'
          "output_config":{"format":{"type":"json_schema"}} | output_config.format.schema: Field required
          "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}} | output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false
          "output_config":{"format":{"type":"json_schema","schema":{"type":"string","minLength":3}}} | output_config.format.schema: property 'minLength' is not supported
          "output_config":{"format":{"type":"json_schema","schema":{"type":"array","items":{"oneOf":[]}}}} | output_config.format.schema.items: property 'oneOf' is not supported
          """)
  void refusesAFieldAsAnthropicDoes(String more, String words) throws IOException {
    assertThat(say(asked("m"), more)).startsWith("400 " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"role":"system","content":"s"}                | messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter
          {"role":"tool","content":"s"}                  | messages: Unexpected role "tool"
          {"content":"s"}                                | messages.0.role: Field required
          {"role":"user"}                                | messages.0.content: Field required
          {"role":"user","content":""}                   | messages.0: all messages must have non-empty content
          {"role":"user","content":[]}                   | messages.0: all messages must have non-empty content
          {"role":"user","content":[{"type":"text","text":""}]} | messages: text content blocks must be non-empty
          {"role":"user","content":["s"]}                | messages.0.content.0: Input should be an object
          {"role":"user","content":[{"text":"s"}]}       | messages.0.content.0.type: Field required
          {"role":"user","content":[{"type":"image_url"}]} | messages.0.content.0: Input tag 'image_url' found using 'type' does not match
          {"role":"user","content":[{"type":"image","source":{"type":"base64","data":"a","media_type":"image/jpg"}}]} | messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg'
          {"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://a"}}]} | Only HTTPS URLs are supported.
          {"role":"user","content":[CALL]}               | messages: `tool_use` blocks can only be in `assistant` messages
          {"role":"user","content":[DONE]}               | messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t1.
          {"role":"assistant","content":[CALL]}          | messages.0: `tool_use` ids were found without `tool_result` blocks immediately after: t1.
          {"role":"assistant","content":[CALL]},{"role":"user","content":"so?"} | messages.0: `tool_use` ids were found without
          {"role":"assistant","content":[CALL]},{"role":"user","content":[{"type":"text","text":"so"},DONE]} | messages.0: `tool_use` ids were found without
          {"role":"assistant","content":[CALL,{"type":"tool_use","id":"t2","name":"now","input":{}}]},{"role":"user","content":[DONE]} | messages.0: `tool_use` ids were found without `tool_result` blocks immediately after: t2.
          {"role":"assistant","content":[{"type":"tool_use","id":"functions.get:0","name":"now","input":{}}]} | messages.0.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'
          {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a b","input":{}}]} | messages.0.content.0.tool_use.name: String should match pattern
          {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a"}]} | messages.0.content.0.tool_use.input: Field required
          {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a","input":"{}"}]} | messages.0.content.0.tool_use.input: Input should be a valid dictionary
          {"role":"user","content":"a"},{"role":"assistant","content":"Well, "} | messages: final assistant content cannot end with trailing whitespace
          {"role":"assistant","content":[{"type":"thinking","thinking":"a"}]} | messages.0.content.0.thinking.signature: Field required
          {"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"Zm9yZWlnbg=="}]} | messages.0.content.0: Invalid `signature` in `thinking` block
          {"role":"assistant","content":[{"type":"text","text":"a"},{"type":"redacted_thinking","data":"a"}]} | messages.0.content.1.type: When `thinking` is enabled, a turn must start
          """)
  void refusesAConversationAsAnthropicDoes(String messages, String words) throws IOException {
    assertThat(say(asked("m"), "\"messages\":[" + messages + "]")).startsWith("400 " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"type":"function","function":{"name":"a"}}    | tools.0: Input tag 'function' found using 'type' does not match
          {"name":"a","parameters":{}}                   | tools.0.custom.parameters: Extra inputs are not permitted
          {"name":"a"}                                   | tools.0.custom.input_schema: Field required
          {"name":"a","input_schema":{}}                 | tools.0.custom.input_schema.type: Field required
          {"name":"a","input_schema":{"type":"array"}}   | tools.0.custom.input_schema.type: Input should be 'object'
          {"input_schema":{"type":"object"}}             | tools.0.custom.name: Field required
          {"name":"a.b","input_schema":{"type":"object"}} | tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'
          """)
  void refusesAToolAsAnthropicDoes(String tool, String words) throws IOException {
    assertThat(say(asked("m"), "\"tools\":[" + tool + "]")).startsWith("400 " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"type":"required"} | "tools"=T  | tool_choice: Input tag 'required' found using 'type' does not match
          {"type":"tool"}     | "tools"=T  | tool_choice.tool.name: Field required
          {"type":"auto"}     | "tools":[] | tool_choice may only be specified while providing tools.
          {"type":"none","disable_parallel_tool_use":true} | "tools"=T | tool_choice.none.disable_parallel_tool_use: Extra inputs
          """)
  void refusesAChoiceAsAnthropicDoes(String choice, String tools, String words) throws IOException {
    assertThat(say(asked("m"), tools + ",\"tool_choice\":" + choice)).startsWith("400 " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          claude-opus-5-5   | "tools"=T,"tool_choice":{"type":"any"} | tool_choice: 'any' is not supported on this model
          claude-fable-5-1  | "tools"=T,"tool_choice":{"type":"tool","name":"now"} | tool_choice: 'tool' is not supported
          claude-sonnet-5-5 | "temperature":0.5                      | `temperature` may only be set to 1 on this model.
          claude-opus-4-7-20260416 | "top_p":0.5                     | `top_p` must be unset on this model.
          claude-opus-5     | "top_k":40                             | `top_k` must be unset on this model.
          claude-haiku-4-5  | "temperature":0.5,"top_p":0.5          | `temperature` and `top_p` cannot both be specified
          claude-opus-5-5   | "thinking":{"type":"disabled"}         | thinking.type: 'disabled' is not supported on this model
          claude-haiku-5-5  | "thinking":{"type":"disabled"},"output_config":{"effort":"max"} | thinking.type: 'disabled' is not supported on this model with effort max
          claude-sonnet-5-5 | "thinking":{"type":"enabled","budget_tokens":2000} | thinking.type: 'enabled' is not supported
          claude-opus-4-8   | "thinking":{"type":"enabled","budget_tokens":2000} | thinking.type: 'enabled' is not supported
          claude-opus-5     | "thinking":{"type":"between_tools"}    | thinking.type: 'between_tools' is not supported
          claude-sonnet-4-5 | "thinking":{"type":"adaptive"}         | thinking.type: 'adaptive' is not supported
          claude-sonnet-4-5 | "output_config":{"effort":"low"}       | This model does not support the effort parameter.
          claude-opus-4-6   | "output_config":{"effort":"xhigh"}     | output_config.effort: 'xhigh' is not supported
          claude-haiku-4-5  | "max_tokens":64001                     | max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5
          claude-opus-4-6   | "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}] | This model does not support assistant message prefill.
          """)
  void refusesWhatAModelCannot(String model, String more, String words) throws IOException {
    assertThat(say(asked(model), more)).startsWith("400 " + words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          m                 | "temperature":0.5,"top_p":0.9,"top_k":5
          m                 | "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]
          m                 | "messages":[{"role":"assistant","content":"b"},{"role":"user","content":"a"},{"role":"user","content":"b"}]
          m                 | "messages":[{"role":"user","content":"a"},{"role":"assistant","content":[CALL]},{"role":"user","content":[DONE,{"type":"text","text":"so?"}]}]
          m                 | "messages":[{"role":"assistant","content":[CALL]},{"role":"user","content":[DONE]},{"role":"user","content":"so?"}]
          m                 | "messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"EqQBCkYIARgCIkD9c2FtcGxlLXNpZ25hdHVyZS1ub3QtcmVhbA=="},CALL]},{"role":"user","content":[DONE]}]
          m                 | "tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2}]
          m                 | "tools"=T,"tool_choice":{"type":"tool","name":"now","disable_parallel_tool_use":true}
          m                 | "max_tokens":0,"stream":null,"system":"","metadata":{"user_id":"u"}
          m                 | "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}}}
          claude-opus-5-5   | "tools"=T,"tool_choice":{"type":"auto"},"temperature":1,"thinking":{"type":"adaptive","display":"summarized"}
          claude-sonnet-5-5 | "thinking":{"type":"between_tools"},"output_config":{"effort":"high"}
          claude-haiku-5-5  | "thinking":{"type":"disabled"},"output_config":{"effort":"high"}
          claude-haiku-4-5-20251001 | "thinking":{"type":"enabled","budget_tokens":2000},"temperature":1
          claude-sonnet-4-5 | "temperature":0.5
          """)
  void takesWhatAnthropicTakes(String model, String more) throws IOException {
    assertThat(say(asked(model), more)).isEqualTo(Verdict.TAKEN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "temperature":1 | 400 temperature: Extra inputs are not permitted
          "top_k":5       | 400 top_k: Extra inputs are not permitted
          "messages":[{"role":"system","content":"s"}] | 400 messages: Unexpected role "system"
          "messages":[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"user","content":"b"}] | taken
          "messages":[{"role":"assistant","content":[{"type":"document"}]}] | 400 messages.0.content.0: `document` blocks are not permitted
          "messages":[{"role":"user","content":[{"type":"text","text":"a","citations":[1]}]}] | 400 messages.0.content.0.text.citations: Extra inputs
          """)
  void keepsToTheNewerVersion(String more, String words) throws IOException {
    Asked newer = new Asked(Endpoint.CHAT, "m", AnthropicRules.NEWER, false);
    assertThat(say(newer, more)).startsWith(words);
  }

  @Test
  void refusesAVersionThereIsNot() throws IOException {
    assertThat(say(new Asked(Endpoint.CHAT, "m", "2022-01-01", false), ""))
        .isEqualTo("400 anthropic-version: \"2022-01-01\" is not a valid version");
  }

  @Test
  void takesFieldsOfABetaOnlyWithItsHeader() throws IOException {
    Asked beta = new Asked(Endpoint.CHAT, "m", OLDER, true);
    assertThat(say(beta, "\"mcp_servers\":[]")).isEqualTo(Verdict.TAKEN);
    assertThat(say(beta, "\"xyz\":1")).startsWith("400 xyz: Extra inputs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_tokens", "stream"})
  void countsOnlyWhatMakesThePrompt(String name) throws IOException {
    Asked counts = new Asked(Endpoint.COUNT_TOKENS, "m", OLDER, false);
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]%s}";
    RequestRules rules = RequestRules.anthropic();
    assertThat(Verdict.of(rules, counts, body.formatted(""))).isEqualTo(Verdict.TAKEN);
    assertThat(Verdict.of(rules, counts, body.formatted(",\"" + name + "\":1")))
        .isEqualTo("400 " + name + ": Extra inputs are not permitted");
  }

  @Test
  void refusesAFifthCacheMark() throws IOException {
    String block = "{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}}";
    String four = String.join(",", block, block, block, block);
    String more = "\"messages\":[{\"role\":\"user\",\"content\":[" + four + "]}]";
    assertThat(say(asked("m"), more)).isEqualTo(Verdict.TAKEN);
    assertThat(say(asked("m"), more + ",\"system\":[" + block + "]"))
        .startsWith("400 A maximum of 4 blocks with cache_control may be provided. Found 5.");
  }
}
