package io.llmproxy.provider.json;

/// What a JSON value is.
public enum JsonKind {
  OBJECT("an object"),
  ARRAY("an array"),
  STRING("a string"),
  NUMBER("a number"),
  TRUE("a boolean"),
  FALSE("a boolean"),
  NULL("null");

  private final String phrase;

  JsonKind(String phrase) {
    this.phrase = phrase;
  }

  /// How a message names it, as in "found an array".
  public String phrase() {
    return phrase;
  }

  public boolean isBoolean() {
    return this == TRUE || this == FALSE;
  }
}
