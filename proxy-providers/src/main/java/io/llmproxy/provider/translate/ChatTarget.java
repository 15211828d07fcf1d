package io.llmproxy.provider.translate;

import java.util.Set;

/// What a provider of Chat Completions takes beyond, and short of, the dialect they share.
public enum ChatTarget {
  OPENAI,
  GLM,
  GROQ,
  GROK,
  /// Any other server of the dialect: only what all of them take.
  COMPATIBLE,
  /// No server: [ChatToMessages], which reads the dialect itself and judges what its model takes.
  MESSAGES;

  /// The name of the limit on output tokens.
  String maxTokens() {
    return switch (this) {
      case OPENAI, GROQ, GROK, MESSAGES -> "max_completion_tokens";
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
    return this == OPENAI || this == MESSAGES;
  }

  /// Whether a text may come in several parts.
  boolean takesTextParts() {
    return this != GLM && this != COMPATIBLE;
  }

  /// Whether a user's content may hold files.
  boolean takesFiles() {
    return this == OPENAI || this == MESSAGES;
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
      case OPENAI, COMPATIBLE, MESSAGES -> "";
    };
  }

  /// The name of the caller's end user.
  String userField() {
    return switch (this) {
      case OPENAI, MESSAGES -> "safety_identifier";
      case GLM -> "user_id";
      case GROQ, GROK, COMPATIBLE -> "user";
    };
  }

  /// The service tier that is not a better one; empty where there is no choice.
  String standardTier() {
    return switch (this) {
      case OPENAI, GROK, MESSAGES -> "default";
      case GROQ -> "on_demand";
      case GLM, COMPATIBLE -> "";
    };
  }

  /// Whether it takes `tier`, which is none of `auto` and `default`.
  boolean takesTier(String tier) {
    return switch (this) {
      case OPENAI -> Set.of("flex", "scale", "priority", "fast").contains(tier);
      case GROQ -> tier.equals("flex");
      case GROK -> tier.equals("priority");
      case GLM, COMPATIBLE, MESSAGES -> false;
    };
  }
}
