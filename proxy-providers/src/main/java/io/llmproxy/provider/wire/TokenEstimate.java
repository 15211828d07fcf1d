package io.llmproxy.provider.wire;

/// An estimate of how many tokens a text is, for where nobody counts: one pass over its bytes,
/// without allocation.
///
/// It cuts the text where tokenizers do, between words, numbers, marks and white space, and prices
/// each run by its kind and length. The prices are fitted to o200k; other vocabularies differ from
/// it by a factor of their own.
public final class TokenEstimate {
  // Prices are in hundredths of a token.
  private static final long TOKEN = 100;
  private static final long WIDE_TOKEN = 80;

  private static final int SPACE = 0;
  private static final int LINE = 1;
  private static final int LOWER = 2;
  private static final int UPPER = 3;
  private static final int DIGIT = 4;
  private static final int MARK = 5;
  private static final int WIDE = 6;

  private static final byte[] KINDS = kinds();

  private TokenEstimate() {}

  /// Tokens of the text in `[from, to)`, which is UTF-8.
  public static long ofText(byte[] bytes, int from, int to) {
    return (price(bytes, from, to, false) + TOKEN - 1) / TOKEN;
  }

  /// Tokens of the text that the inside of a JSON string means, which stands in `[from, to)` as it
  /// is written; also of a whole JSON text.
  public static long ofJson(byte[] bytes, int from, int to) {
    return (price(bytes, from, to, true) + TOKEN - 1) / TOKEN;
  }

  private static long price(byte[] bytes, int from, int to, boolean escapes) {
    long sum = 0;
    boolean afterMark = false;
    int at = from;
    while (at < to) {
      int begin = at;
      int kind = KINDS[bytes[at] & 0xff];
      if (escapes && bytes[at] == '\\' && at + 1 < to) {
        boolean unit = bytes[at + 1] == 'u';
        boolean line = bytes[at + 1] == 'n' || bytes[at + 1] == 'r';
        at = Math.min(to, at + (unit ? 6 : 2));
        sum += escapePrice(unit, line, afterMark);
        afterMark = !unit && !line;
        continue;
      }
      at = runEnd(bytes, at, to, kind);
      sum +=
          switch (kind) {
            case SPACE -> at - begin > 1 ? TOKEN : 0;
            case LINE -> afterMark ? 0 : TOKEN;
            case LOWER, UPPER -> wordPrice(bytes, begin, at);
            case DIGIT -> (at - begin + 2) / 3 * TOKEN;
            case MARK -> markPrice(bytes, begin, at) - (escapes && afterMark ? 70 : 0);
            default -> widePrice(bytes, begin, at);
          };
      afterMark = kind == MARK;
    }
    return sum;
  }

  /// An escaped mark is a part of the row of marks around it.
  private static long escapePrice(boolean unit, boolean line, boolean afterMark) {
    if (unit) {
      return WIDE_TOKEN;
    }
    if (!afterMark) {
      return TOKEN;
    }
    return line ? 0 : 30;
  }

  private static int runEnd(byte[] bytes, int from, int to, int kind) {
    int at = from;
    if (kind == UPPER) {
      while (at < to && KINDS[bytes[at] & 0xff] == UPPER) {
        at++;
      }
    }
    int same = kind == UPPER ? LOWER : kind;
    while (at < to && KINDS[bytes[at] & 0xff] == same && (kind != MARK || bytes[at] != '\\')) {
      at++;
    }
    return at == from ? from + 1 : at;
  }

  /// A word that begins with one capital, or none, is mostly one token, and more the longer it is.
  /// Several capitals before small letters are no word's; capitals alone are an abbreviation.
  private static long wordPrice(byte[] bytes, int from, int to) {
    int length = to - from;
    int capitals = 0;
    while (capitals < length && KINDS[bytes[from + capitals] & 0xff] == UPPER) {
      capitals++;
    }
    if (capitals <= 1) {
      return length <= 7 ? TOKEN : TOKEN + (length - 7) * 18L;
    }
    if (capitals == length) {
      return length <= 2 ? TOKEN : TOKEN + (length - 2) * 35L;
    }
    return Math.max(TOKEN, length * 62L);
  }

  /// Rows of one mark are in the vocabulary; others pair up.
  private static long markPrice(byte[] bytes, int from, int to) {
    int length = to - from;
    boolean row = true;
    for (int i = from + 1; i < to; i++) {
      row &= bytes[i] == bytes[from];
    }
    if (row) {
      return TOKEN + length / 16 * TOKEN;
    }
    return length <= 2 ? TOKEN : TOKEN + (length - 2) * 30L;
  }

  /// By the first byte of each character, which tells the script.
  private static long widePrice(byte[] bytes, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      int first = bytes[i] & 0xff;
      if (first >= 0xF0) {
        sum += 220;
      } else if (first >= 0xE3) {
        sum += WIDE_TOKEN;
      } else if (first >= 0xE0) {
        sum += first == 0xE2 ? TOKEN : 50;
      } else if (first >= 0xD0) {
        sum += 30;
      } else if (first >= 0xC0) {
        sum += 60;
      }
    }
    return sum;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (int i = 0; i < kinds.length; i++) {
      boolean lower = i >= 'a' && i <= 'z';
      boolean upper = i >= 'A' && i <= 'Z';
      boolean digit = i >= '0' && i <= '9';
      boolean line = i == '\n' || i == '\r';
      int kind = i >= 0x80 ? WIDE : line ? LINE : i <= ' ' ? SPACE : MARK;
      kinds[i] = (byte) (lower ? LOWER : upper ? UPPER : digit ? DIGIT : kind);
    }
    return kinds;
  }
}
