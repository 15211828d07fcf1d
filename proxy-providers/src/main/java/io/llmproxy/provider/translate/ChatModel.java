package io.llmproxy.provider.translate;

import java.util.Locale;

/// What a model's name tells of what it takes, since no provider of Chat Completions says it in its
/// list of models.
///
/// @param target whose model it is
/// @param name as the provider knows it, in lower case and without an owner before a slash
record ChatModel(ChatTarget target, String name) {

  static ChatModel of(ChatTarget target, String upstreamModel) {
    int slash = upstreamModel.lastIndexOf('/');
    return new ChatModel(target, upstreamModel.substring(slash + 1).toLowerCase(Locale.ROOT));
  }

  /// Whether it is a model of OpenAI's that reasons: such take neither sampling parameters nor a
  /// system message by that name.
  boolean isOpenAiReasoning() {
    boolean oSeries = name.length() > 1 && name.charAt(0) == 'o' && isDigit(1);
    return target == ChatTarget.OPENAI
        && (oSeries || (version("gpt-") >= 500 && !name.contains("-chat")));
  }

  /// Whether `stop` is an error.
  boolean refusesStop() {
    return switch (target) {
      case OPENAI -> name.startsWith("o3") || name.startsWith("o4-mini");
      case GROK -> !name.contains("non-reasoning") && !isPlainGrok3();
      case GLM, GROQ, COMPATIBLE, MESSAGES -> false;
    };
  }

  /// Whether a part of a user's message may mark the end of what is to be cached.
  boolean takesCacheBreakpoints() {
    return target == ChatTarget.OPENAI && version("gpt-") >= 506;
  }

  /// Whether thinking cannot be switched off by GLM's own field.
  boolean alwaysThinks() {
    return target == ChatTarget.GLM && version("glm-") >= 503;
  }

  /// The version that follows `prefix`: 506 for 5.6; -1 where the name does not begin so.
  int version(String prefix) {
    if (!name.startsWith(prefix)) {
      return -1;
    }
    int at = prefix.length();
    int major = 0;
    int begin = at;
    while (at < name.length() && isDigit(at) && at < begin + 3) {
      major = 10 * major + name.charAt(at++) - '0';
    }
    if (at == begin) {
      return -1;
    }
    int minor = 0;
    if (at < name.length() && name.charAt(at) == '.') {
      for (int end = at + 3; ++at < name.length() && at < end && isDigit(at); ) {
        minor = 10 * minor + name.charAt(at) - '0';
      }
    }
    return 100 * major + minor;
  }

  private boolean isPlainGrok3() {
    return version("grok-") < 400 && !name.startsWith("grok-3-mini");
  }

  private boolean isDigit(int at) {
    return name.charAt(at) >= '0' && name.charAt(at) <= '9';
  }
}
