package io.llmproxy.provider.translate;

import java.util.Locale;

/// How much a model is asked to think, in the words of Messages, and what each provider's models
/// take for it.
enum ReasoningEffort {
  NONE,
  LOW,
  MEDIUM,
  HIGH,
  XHIGH,
  MAX;

  private static final long MOST_LOW = 2048;
  private static final long MOST_MEDIUM = 8192;

  /// What a budget of so many thinking tokens comes to.
  static ReasoningEffort ofBudget(long tokens) {
    if (tokens <= MOST_LOW) {
      return LOW;
    }
    return tokens <= MOST_MEDIUM ? MEDIUM : HIGH;
  }

  /// The word for `model`; empty where it takes none, so that the field is to be left out.
  String word(ChatModel model) {
    return switch (model.target()) {
      case OPENAI -> model.isOpenAiReasoning() ? openAi(model.version("gpt-")) : "";
      case GLM -> glm(model.version("glm-"));
      case GROQ -> groq(model);
      case GROK -> grok(model);
      case COMPATIBLE -> "";
      case MESSAGES -> name().toLowerCase(Locale.ROOT);
    };
  }

  private String openAi(int version) {
    return switch (this) {
      case NONE -> version >= 501 ? "none" : "low";
      case LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH -> "high";
      case XHIGH -> version >= 502 ? "xhigh" : "high";
      case MAX -> version >= 600 ? "max" : version >= 502 ? "xhigh" : "high";
    };
  }

  private String glm(int version) {
    if (version < 502) {
      return "";
    }
    return switch (this) {
      case NONE -> version >= 503 ? "low" : "";
      case LOW -> "low";
      case MEDIUM, HIGH -> "high";
      case XHIGH, MAX -> "max";
    };
  }

  private String groq(ChatModel model) {
    if (model.name().startsWith("gpt-oss")) {
      return threeLevels("low");
    }
    if (!model.name().startsWith("qwen3")) {
      return "";
    }
    boolean levels = model.name().startsWith("qwen3.8-27b");
    return levels ? threeLevels("none") : this == NONE ? "none" : "default";
  }

  private String grok(ChatModel model) {
    if (model.name().startsWith("grok-3-mini")) {
      return this == HIGH || this == XHIGH || this == MAX ? "high" : "low";
    }
    int version = model.version("grok-");
    boolean takes = (version == 403 || version >= 405) && version != 420;
    return takes ? threeLevels("none") : "";
  }

  private String threeLevels(String none) {
    return switch (this) {
      case NONE -> none;
      case LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH, XHIGH, MAX -> "high";
    };
  }
}
