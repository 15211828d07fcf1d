package io.llmproxy.provider.json;

import java.nio.charset.StandardCharsets;

/// One of the words `true`, `false` and `null`, followed byte by byte.
final class LiteralScan {
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private byte[] word = NULL;
  private int matched;

  /// Begins with `first`: t, f or n.
  void begin(byte first) {
    word = first == 't' ? TRUE : first == 'f' ? FALSE : NULL;
    matched = 1;
  }

  /// Gives the index behind the word, or of the first byte that is wrong, or `end`.
  int scan(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && matched < word.length && bytes[at] == word[matched]) {
      matched++;
      at++;
    }
    return at;
  }

  boolean isWhole() {
    return matched == word.length;
  }
}
