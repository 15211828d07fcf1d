package io.llmproxy.provider.translate;

/// How much of its thinking an Anthropic model lets a request decide.
public enum ThinkingMode {
  /// It always thinks; how hard is an effort.
  ALWAYS,
  /// As [#ADAPTIVE], but the least is thinking between tool calls.
  BETWEEN_TOOLS,
  /// It thinks as far as it sees fit, with an effort, or not at all.
  ADAPTIVE,
  /// It thinks if it is given a number of tokens for that.
  BUDGET,
  /// It cannot think.
  NONE
}
