package io.llmproxy.proxy.config;

import java.util.regex.Pattern;

/// Text of the file as a message may show it: short, on one line, and never a credential that was
/// put in the wrong place.
final class Shown {
  private static final int MAX_CODE_POINTS = 48;
  private static final Pattern CREDENTIAL_PREFIX =
      Pattern.compile("(?i)\\b(bearer\\s|sk[-_]|gsk_|xai-|pk[-_]|eyJ)\\S");
  private static final Pattern CREDENTIAL_RUN =
      Pattern.compile("(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_+/=.-]{32,}");

  private Shown() {}

  /// The text in quotes; `"***"` where it looks like a credential.
  static String quoted(String text) {
    if (CREDENTIAL_PREFIX.matcher(text).find() || CREDENTIAL_RUN.matcher(text).find()) {
      return "\"***\"";
    }
    int points = text.codePointCount(0, text.length());
    String head =
        points <= MAX_CODE_POINTS
            ? text
            : text.substring(0, text.offsetByCodePoints(0, MAX_CODE_POINTS)) + "…";
    return '"' + oneLine(head) + '"';
  }

  /// Control characters would let a file forge further lines or drive the reader's terminal.
  static String oneLine(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (isPlain(c)) {
            shown.appendCodePoint(c);
          } else {
            shown.append(String.format("\\u%04x", c));
          }
        });
    return shown.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
