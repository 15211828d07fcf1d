package io.llmproxy.provider.json;

import java.nio.charset.StandardCharsets;

/// Strings in their quotes that are looked for together, in one pass. As they are written: one that
/// has a letter as an escape is another.
public final class Words {
  private static final int MOST = Long.SIZE;

  private final byte[][] quoted;

  /// By a letter: whether one of them ends with it.
  private final boolean[] lasts = new boolean[1 << Byte.SIZE];

  private Words(byte[][] quoted) {
    this.quoted = quoted;
    for (byte[] word : quoted) {
      lasts[word[word.length - 2] & 0xff] = true;
    }
  }

  /// At most 64, none of them empty; without quotes.
  public static Words of(String... words) {
    if (words.length > MOST) {
      throw new IllegalArgumentException(words.length + " words (expected: at most 64)");
    }
    byte[][] quoted = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      if (words[i].isEmpty()) {
        throw new IllegalArgumentException("word " + i + " is empty");
      }
      quoted[i] = ('"' + words[i] + '"').getBytes(StandardCharsets.UTF_8);
    }
    return new Words(quoted);
  }

  /// Whether one of them may end with `letter` before its quote.
  boolean mayEndWith(byte letter) {
    return lasts[letter & 0xff];
  }

  int count() {
    return quoted.length;
  }

  /// With its quotes.
  byte[] quoted(int index) {
    return quoted[index];
  }
}
