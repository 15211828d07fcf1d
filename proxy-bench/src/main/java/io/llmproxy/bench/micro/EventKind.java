package io.llmproxy.bench.micro;

import java.util.List;

/// What the events of a stream bring.
public enum EventKind {
  TEXT,
  REASONING,
  TOOL;

  private static final List<String> TOKENS =
      List.of(
          "The",
          " capital",
          " of",
          " France",
          " is",
          " Paris",
          ",",
          " a",
          " city",
          " of",
          " two",
          " million",
          ".",
          "\\n\\n",
          " caf\u00e9",
          " \\\"au lait\\\"");
  private static final List<String> FRAGMENTS =
      List.of(
          "{\\\"",
          "city",
          "\\\":\\\"",
          "Par",
          "is",
          "\\\",\\\"",
          "unit",
          "\\\":\\\"",
          "cel",
          "sius",
          "\\\",\\\"",
          "days",
          "\\\":",
          "3",
          ",",
          " ");

  /// Insides of JSON strings as tokens come, a power of two of them.
  List<String> pieces() {
    return this == TOOL ? FRAGMENTS : TOKENS;
  }
}
