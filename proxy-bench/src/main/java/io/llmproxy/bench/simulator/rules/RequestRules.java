package io.llmproxy.bench.simulator.rules;

import java.io.IOException;
import java.util.Map;

/// What one provider refuses.
public interface RequestRules {

  /// What the simulated Anthropic signs thinking with; it knows its own signature again.
  String SIGNATURE = "EqQBCkYIARgCIkD9c2FtcGxlLXNpZ25hdHVyZS1ub3QtcmVhbA==";

  /// Checks a body.
  ///
  /// @throws Refused if the real provider would not take it
  void check(Map<String, Object> body, Asked asked);

  /// Reads a body and checks it.
  ///
  /// @throws IOException if it is no object in JSON
  default void check(byte[] body, int length, Asked asked) throws IOException {
    check(Json.object(body, length), asked);
  }

  /// Gives Anthropic's refusal of a request without `anthropic-version`.
  static Refused noVersion() {
    return new Refused("anthropic-version: header is required");
  }

  /// Anthropic's rules.
  static RequestRules anthropic() {
    return new AnthropicRules();
  }

  /// OpenAI's rules.
  static RequestRules openAi() {
    return new OpenAiRules();
  }

  /// GLM's rules.
  static RequestRules glm() {
    return new GlmRules();
  }

  /// Groq's rules.
  static RequestRules groq() {
    return new GroqRules();
  }

  /// Grok's rules.
  static RequestRules grok() {
    return new GrokRules();
  }
}
