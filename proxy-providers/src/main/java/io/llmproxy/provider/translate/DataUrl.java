package io.llmproxy.provider.translate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A data URL (RFC 2397) of base64 in a JSON string: its type, and where its data begins.
///
/// @param mediaType in lower case, without parameters
record DataUrl(String mediaType, int dataFrom) {
  /// Longer heads are no data URL's.
  private static final int LONGEST_HEAD = 256;

  /// The data URL whose inside stands in `[from, to)` of `body`, null if it is none of base64.
  static @Nullable DataUrl of(byte[] body, int from, int to) {
    int comma = from;
    int limit = Math.min(to, from + LONGEST_HEAD);
    while (comma < limit && body[comma] != ',') {
      comma++;
    }
    if (comma == limit) {
      return null;
    }
    // A slash may stand there escaped.
    String head = JsonStrings.unescaped(body, from, comma).toLowerCase(Locale.ROOT);
    if (!head.startsWith("data:") || !head.endsWith(";base64")) {
      return null;
    }
    return new DataUrl(head.substring(5, head.indexOf(';')).strip(), comma + 1);
  }
}
