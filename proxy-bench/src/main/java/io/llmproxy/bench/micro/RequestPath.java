package io.llmproxy.bench.micro;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.wire.Operation;

/// A way of a request's body from the caller to its provider; named after the caller's dialect,
/// then the provider's.
public enum RequestPath {
  /// One dialect on both sides: the model's name and the wish for usage are put in, the other bytes
  /// go on.
  CHAT_SPLICED(Operation.CHAT_COMPLETIONS, ProviderApi.OPENAI, "gpt-6.1-terra"),
  MESSAGES_SPLICED(Operation.MESSAGES, ProviderApi.ANTHROPIC, "claude-sonnet-5-5"),
  RESPONSES_SPLICED(Operation.RESPONSES, ProviderApi.OPENAI, "gpt-6.1-terra"),
  /// One dialect, but fields of which GLM takes less.
  CHAT_TO_GLM(Operation.CHAT_COMPLETIONS, ProviderApi.GLM, "glm-5.3"),
  CHAT_TO_MESSAGES(Operation.CHAT_COMPLETIONS, ProviderApi.ANTHROPIC, "claude-sonnet-5-5"),
  MESSAGES_TO_CHAT(Operation.MESSAGES, ProviderApi.OPENAI, "gpt-6.1-terra"),
  RESPONSES_TO_CHAT(Operation.RESPONSES, ProviderApi.GROQ, "openai/gpt-oss-120b"),
  RESPONSES_TO_MESSAGES(Operation.RESPONSES, ProviderApi.ANTHROPIC, "claude-sonnet-5-5");

  private final Operation operation;
  private final ProviderApi api;
  private final String model;

  RequestPath(Operation operation, ProviderApi api, String model) {
    this.operation = operation;
    this.api = api;
    this.model = model;
  }

  /// What the caller asks for.
  Operation operation() {
    return operation;
  }

  /// Whether it goes on in the caller's own bytes, but for the few that must change.
  boolean isSpliced() {
    return this == CHAT_SPLICED || this == MESSAGES_SPLICED || this == RESPONSES_SPLICED;
  }

  /// The model that is to answer.
  ProviderModel model() {
    return ProviderModel.of(api, model);
  }
}
