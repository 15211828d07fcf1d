package io.llmproxy.provider.wire;

/// What a caller asks of a provider, and the dialect it asks in.
public enum Operation {
  CHAT_COMPLETIONS(Dialect.OPENAI_CHAT, "/chat/completions"),
  RESPONSES(Dialect.OPENAI_RESPONSES, "/responses"),
  EMBEDDINGS(Dialect.OPENAI_CHAT, "/embeddings"),
  MESSAGES(Dialect.ANTHROPIC_MESSAGES, "/v1/messages"),
  COUNT_TOKENS(Dialect.ANTHROPIC_MESSAGES, "/v1/messages/count_tokens");

  private final Dialect dialect;
  private final String path;

  Operation(Dialect dialect, String path) {
    this.dialect = dialect;
    this.path = path;
  }

  public Dialect dialect() {
    return dialect;
  }

  /// The path that follows a provider's base URL.
  public String path() {
    return path;
  }

  /// Whether its reply may be a stream.
  public boolean isStreamable() {
    return switch (this) {
      case CHAT_COMPLETIONS, RESPONSES, MESSAGES -> true;
      case EMBEDDINGS, COUNT_TOKENS -> false;
    };
  }
}
