package io.llmproxy.provider.sse;

import io.llmproxy.provider.wire.ByteScan;
import java.util.Arrays;

/// One record with one or two holes in it: what a record is recognised by that repeats an earlier
/// one but for a string's inside.
///
/// The events of a stream differ by little: the text of the delta, and padding. A record whose
/// bytes outside those holes are the same means the same, so that a comparison, which the JVM does
/// 32 bytes at a time, takes the place of reading JSON. A hole is the inside of a string, or, where
/// no quote precedes it, a run of spaces.
///
/// ```
/// data: {"choices":[{"delta":{"content":"____"}}],"obfuscation":"___"}␊␊
/// `---------------- head ---------------' hole `---- middle ----' hole tail
/// ```
final class RecordShape {
  private static final int LONGEST = 4096;

  private byte[] literal = {};
  private int head;
  private int middle;
  private int tail;
  private boolean padded;
  private int holeFrom;
  private int holeTo;

  /// Takes the record `[from, to)` as the shape from now on. `secondFrom` is negative where there
  /// is but one hole. Whether it did: one that is too long leaves the shape as it was.
  boolean learn(byte[] bytes, int from, int to, Hole first, Hole second) {
    int headBytes = first.from - from;
    boolean single = !second.isSet();
    int middleBytes = (single ? to : second.from) - first.to;
    int tailBytes = single ? 0 : to - second.to;
    int total = headBytes + middleBytes + tailBytes;
    if (total > LONGEST) {
      return false;
    }
    if (literal.length < total) {
      literal = new byte[total + 32];
    }
    System.arraycopy(bytes, from, literal, 0, headBytes);
    System.arraycopy(bytes, first.to, literal, headBytes, middleBytes);
    System.arraycopy(bytes, to - tailBytes, literal, headBytes + middleBytes, tailBytes);
    head = headBytes;
    middle = middleBytes;
    tail = tailBytes;
    padded = !single && bytes[second.from - 1] != '"';
    return true;
  }

  /// How long the record is that begins at `from` and has this shape; 0 if none does or it does not
  /// end before `to`.
  int match(byte[] bytes, int from, int to) {
    int first = from + head;
    if (head == 0 || first > to || !Arrays.equals(literal, 0, head, bytes, from, first)) {
      return 0;
    }
    int firstEnd = stringEnd(bytes, first, to);
    int second = firstEnd + middle;
    int middleEnd = head + middle;
    if (second > to || !Arrays.equals(literal, head, middleEnd, bytes, firstEnd, second)) {
      return 0;
    }
    holeFrom = first;
    holeTo = firstEnd;
    if (tail == 0) {
      return second - from;
    }
    int secondEnd = padded ? paddingEnd(bytes, second, to) : stringEnd(bytes, second, to);
    int end = secondEnd + tail;
    if (end > to || !Arrays.equals(literal, middleEnd, middleEnd + tail, bytes, secondEnd, end)) {
      return 0;
    }
    return end - from;
  }

  /// Where the first hole began in the last match.
  int holeFrom() {
    return holeFrom;
  }

  /// Where it ended.
  int holeTo() {
    return holeTo;
  }

  /// Where the string whose inside begins at `from` is closed; `to` where it is not, or holds a
  /// control character, which might end the line.
  private static int stringEnd(byte[] bytes, int from, int to) {
    int at = from;
    while ((at = ByteScan.stringStop(bytes, at, to)) < to) {
      if (bytes[at] == '"') {
        return at;
      }
      if (bytes[at] != '\\' || at + 1 >= to || bytes[at + 1] < ' ') {
        return to;
      }
      at += 2;
    }
    return to;
  }

  private static int paddingEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] == ' ') {
      at++;
    }
    return at;
  }
}
