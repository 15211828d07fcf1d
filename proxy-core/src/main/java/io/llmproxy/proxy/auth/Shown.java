package io.llmproxy.proxy.auth;

/// What a caller shows for itself: bytes of `array`, which are only read.
///
/// @param array may hold more than the key
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Shown(byte[] array, int offset, int length) {

  private static final int DOTS_OF_A_TOKEN = 2;

  /// Whether it has the shape of a JSON Web Token: three parts, the first of which begins with an
  /// object.
  boolean isToken() {
    if (length < 3
        || array[offset] != 'e'
        || array[offset + 1] != 'y'
        || array[offset + 2] != 'J') {
      return false;
    }
    int dots = 0;
    for (int i = offset; i < offset + length; i++) {
      if (array[i] == '.') {
        dots++;
      }
    }
    return dots == DOTS_OF_A_TOKEN;
  }

  /// Never the key.
  @Override
  public String toString() {
    return "***";
  }
}
