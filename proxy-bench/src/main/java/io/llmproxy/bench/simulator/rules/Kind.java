package io.llmproxy.bench.simulator.rules;

import java.util.List;
import java.util.Map;

/// What a field's value may be.
enum Kind {
  STRING("a string"),
  INTEGER("an integer"),
  NUMBER("a number"),
  BOOLEAN("a boolean"),
  ARRAY("an array"),
  OBJECT("an object"),
  TEXTS("a string or an array"),
  CHOICE("a string or an object"),
  ANY("anything");

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /// As a refusal names it.
  String words() {
    return words;
  }

  /// Whether `value` is one of this kind; `null` always is.
  boolean admits(Object value) {
    if (Json.NULL.equals(value)) {
      return true;
    }
    return switch (this) {
      case STRING -> value instanceof String;
      case INTEGER -> value instanceof Long;
      case NUMBER -> value instanceof Number;
      case BOOLEAN -> value instanceof Boolean;
      case ARRAY -> value instanceof List;
      case OBJECT -> value instanceof Map;
      case TEXTS -> value instanceof String || value instanceof List;
      case CHOICE -> value instanceof String || value instanceof Map;
      case ANY -> true;
    };
  }

  /// The kind of a value as a refusal names it.
  static String of(Object value) {
    return switch (value) {
      case String _ -> "a string";
      case Long _ -> "an integer";
      case Number _ -> "a decimal number";
      case Boolean _ -> "a boolean";
      case List<?> _ -> "an array";
      case Map<?, ?> _ -> "an object";
      default -> "null";
    };
  }
}
