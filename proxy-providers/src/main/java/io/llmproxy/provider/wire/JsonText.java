package io.llmproxy.provider.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/// Strings as JSON writes them.
public final class JsonText {
  private JsonText() {}

  /// `text` between quotes, escaped, in UTF-8. Half a surrogate pair alone becomes U+FFFD: no UTF-8
  /// holds it, and many readers refuse it escaped too.
  public static byte[] quoted(String text) {
    byte[] inside = JsonStringEncoder.getInstance().quoteAsUTF8(wellFormed(text));
    byte[] quoted = new byte[inside.length + 2];
    quoted[0] = '"';
    System.arraycopy(inside, 0, quoted, 1, inside.length);
    quoted[quoted.length - 1] = '"';
    return quoted;
  }

  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      if (Character.isSurrogatePair(unit, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }
}
