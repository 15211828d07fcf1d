package io.llmproxy.provider.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Searches of an array that look at eight bytes in one step.
///
/// Each test marks the high bit of the bytes it is after; a borrow may mark a byte above a true hit
/// as well, never one below it, so the lowest mark is always true.
public final class ByteScan {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long OPENINGS = ONES * '{';
  private static final long CLOSINGS = ONES * '}';
  private static final long SPACES = ONES * ' ';
  private static final long SIXTEENS = ONES * 0x10;

  private ByteScan() {}

  /// The first CR or LF in `[from, to)`, or `to`.
  public static int lineEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      // CR and LF are the usual bytes below 16: one test finds both.
      long marks = (word - SIXTEENS) & ~word & HIGHS;
      while (marks != 0) {
        int hit = at + (Long.numberOfTrailingZeros(marks) >>> 3);
        if (isLineEnd(bytes[hit])) {
          return hit;
        }
        marks &= marks - 1;
      }
      at += Long.BYTES;
    }
    while (at < to && !isLineEnd(bytes[at])) {
      at++;
    }
    return at;
  }

  /// The first quote, backslash or control character in `[from, to)`, or `to`.
  public static int stringStop(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long marks =
          ((zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES)) | ((word - SPACES) & ~word)) & HIGHS;
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < to && !stopsString(bytes[at])) {
      at++;
    }
    return at;
  }

  /// The first quote, brace or bracket in `[from, to)`, or `to`.
  public static int structure(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      // A bracket differs from its brace by the bit that a space has.
      long folded = word | SPACES;
      long marks =
          (zeros(word ^ QUOTES) | zeros(folded ^ OPENINGS) | zeros(folded ^ CLOSINGS)) & HIGHS;
      if (marks != 0) {
        return at + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < to && bytes[at] != '"' && !isOpening(bytes[at]) && !isClosing(bytes[at])) {
      at++;
    }
    return at;
  }

  /// Whether `value` opens an object or an array.
  public static boolean isOpening(byte value) {
    return (value | ' ') == '{';
  }

  /// Whether `value` closes an object or an array.
  public static boolean isClosing(byte value) {
    return (value | ' ') == '}';
  }

  private static long zeros(long word) {
    return (word - ONES) & ~word;
  }

  private static boolean isLineEnd(byte value) {
    return value == '\n' || value == '\r';
  }

  private static boolean stopsString(byte value) {
    return value == '"' || value == '\\' || (value >= 0 && value < ' ');
  }
}
