package io.llmproxy.provider.glm;

/// The key that GLM gives its customers: `ID.SECRET`.
///
/// @param id who asks; goes into each token
/// @param secret signs each token and never leaves this process
public record GlmKey(String id, String secret) {
  private static final String EXPECTED = " (expected: ID.SECRET, as GLM shows it)";

  /// Reads a key; no message says anything of what it holds.
  ///
  /// @throws IllegalArgumentException where it is not two parts with one point between them
  public static GlmKey parse(String key) {
    int point = key.indexOf('.');
    if (point < 0) {
      throw new IllegalArgumentException("GLM key: no point in it" + EXPECTED);
    }
    if (key.indexOf('.', point + 1) >= 0) {
      throw new IllegalArgumentException("GLM key: more than one point in it" + EXPECTED);
    }
    if (point == 0 || point == key.length() - 1) {
      String empty = point == 0 ? "ID" : "SECRET";
      throw new IllegalArgumentException("GLM key: its " + empty + " is empty" + EXPECTED);
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException(
          "GLM key: white space, a control or a non-ASCII character in it" + EXPECTED);
    }
    return new GlmKey(key.substring(0, point), key.substring(point + 1));
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "GlmKey[id=" + id + "]";
  }
}
