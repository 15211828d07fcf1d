package io.llmproxy.proxy.exchange;

/// Makes text of a caller's safe to stand in a message, a header field or a log line: printable
/// ASCII, and short.
final class Printable {

  private static final int MOST_CHARACTERS = 200;

  private Printable() {}

  static String of(CharSequence text) {
    int length = Math.min(text.length(), MOST_CHARACTERS);
    for (int i = 0; i < length; i++) {
      if (!isPlain(text.charAt(i))) {
        return replaced(text, length);
      }
    }
    return length == text.length() ? text.toString() : text.subSequence(0, length) + "...";
  }

  private static String replaced(CharSequence text, int length) {
    StringBuilder safe = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      safe.append(isPlain(text.charAt(i)) ? text.charAt(i) : '?');
    }
    return safe.toString();
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f;
  }
}
