package io.llmproxy.provider.wire;

import java.util.regex.Pattern;

/// Text of a provider's, made fit to be shown to a caller and written to a log.
final class SafeText {
  /// In UTF-16 units.
  static final int LONGEST = 1000;

  /// No secret that begins in what is shown ends behind this.
  private static final int LONGEST_READ = 8 * LONGEST;

  private static final String MASK = "***";

  /// Controls, and the marks that change in which direction text is shown.
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cs}\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u2069\\uFEFF]+");

  /// Keys by the beginnings that providers give them, keys partly masked already, and tokens.
  private static final Pattern KEYS =
      Pattern.compile(
          "(?<![A-Za-z0-9])(?:"
              + "(?:sk|pk|rk|xai|gsk|sess|llmp)[-_][A-Za-z0-9_*-]{4,}"
              + "|xa\\*{2,}[A-Za-z0-9]*"
              + "|AIza[A-Za-z0-9_-]{10,}"
              + "|AKIA[A-Z0-9]{12,}"
              + "|eyJ[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*){0,2}"
              + "|[0-9a-fA-F]{32}\\.[A-Za-z0-9]{8,}"
              + ")");

  /// What follows a word that announces a secret.
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "(?i)\\b(bearer\\s{1,4}"
              + "|(?:x-api-key|api[_-]?key|authorization|password|secret|access_token)"
              + "[\"']?\\s{0,4}[:=]\\s{0,4}[\"']?(?:bearer\\s{1,4}|basic\\s{1,4})?)"
              + "[^\\s\"',;&<>()]{4,}");

  /// `scheme://user:password@`
  private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]{1,200}@");

  private SafeText() {}

  /// At most [#LONGEST] units of `text` in one line, with whatever looks like a secret masked.
  static String of(String text) {
    String read = text.length() > LONGEST_READ ? text.substring(0, LONGEST_READ) : text;
    String line = UNPRINTABLE.matcher(wellFormed(read)).replaceAll(" ").strip();
    String masked = USER_INFO.matcher(line).replaceAll("://" + MASK + "@");
    masked = ANNOUNCED.matcher(masked).replaceAll("$1" + MASK);
    masked = KEYS.matcher(masked).replaceAll(MASK);
    return bounded(masked, LONGEST);
  }

  /// The first `units` of `text`, where a cut is shown.
  static String bounded(String text, int units) {
    if (text.length() <= units) {
      return text;
    }
    int cut = Character.isHighSurrogate(text.charAt(units - 2)) ? units - 2 : units - 1;
    return text.substring(0, cut) + '…';
  }

  /// A cut may have halved the last character.
  private static String wellFormed(String text) {
    boolean halved = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    return halved ? text.substring(0, text.length() - 1) : text;
  }
}
