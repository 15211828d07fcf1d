package io.llmproxy.provider.translate;

/// What a provider of Chat Completions takes beyond, and short of, the dialect they share.
public enum ChatTarget {
  OPENAI,
  GLM,
  GROQ,
  GROK,
  /// Any other server of the dialect: only what all of them take.
  COMPATIBLE;

  /// The name of the limit on output tokens.
  String maxTokens() {
    return switch (this) {
      case OPENAI, GROQ, GROK -> "max_completion_tokens";
      case GLM, COMPATIBLE -> "max_tokens";
    };
  }

  /// Whether it takes `stream_options`; GLM always counts at the end of a stream.
  boolean takesStreamOptions() {
    return this != GLM;
  }

  /// How many stop words it takes.
  int mostStops() {
    return this == GLM ? 1 : 4;
  }

  /// Whether a tool may be forced or forbidden, and parallel calls refused.
  boolean takesToolChoice() {
    return this != GLM;
  }

  /// Whether `strict` may stand in a tool.
  boolean takesStrictTools() {
    return this == OPENAI;
  }

  /// Whether a text may come in several parts.
  boolean takesTextParts() {
    return this == OPENAI || this == GROQ || this == GROK;
  }

  /// Whether a user's content may hold files.
  boolean takesFiles() {
    return this == OPENAI;
  }

  /// Whether a JSON schema may be asked for.
  boolean takesSchema() {
    return this != GLM;
  }

  /// The field of an assistant's message that holds its reasoning; empty where it takes none back.
  String reasoningField() {
    return switch (this) {
      case GLM, GROK -> "reasoning_content";
      case GROQ -> "reasoning";
      case OPENAI, COMPATIBLE -> "";
    };
  }

  /// The name of the caller's end user.
  String userField() {
    return switch (this) {
      case OPENAI -> "safety_identifier";
      case GLM -> "user_id";
      case GROQ, GROK, COMPATIBLE -> "user";
    };
  }

  /// The service tier that is not a better one; empty where there is no choice.
  String standardTier() {
    return switch (this) {
      case OPENAI, GROK -> "default";
      case GROQ -> "on_demand";
      case GLM, COMPATIBLE -> "";
    };
  }
}
