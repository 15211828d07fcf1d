package io.llmproxy.provider.json;

import io.llmproxy.provider.wire.ByteScan;
import java.util.Arrays;

/// A pull reader over one JSON value in an array: forward only, no tree, no allocation.
///
/// It reads what providers send and is no validator: commas count as white space, numbers are not
/// checked. Whoever is at a value must consume it with exactly one of `enter…`, `read…` or
/// [#skipValue]. Input that ends early or is not JSON ends every loop: then [#isWhole] is false.
/// Names are compared as written, so an escaped name equals none.
public final class JsonCursor {
  /// Stands for a number that is missing, null or not a count.
  public static final long ABSENT = -1;

  /// Larger counts are cut to this, so that sums of a few cannot overflow.
  public static final long LARGEST = 1L << 53;

  private byte[] bytes = {};
  private int at;
  private int limit;
  private int from;
  private int to;
  private boolean cut;
  private boolean broken;

  /// Begins at the value in `[from, to)` of `bytes`, which is borrowed.
  public void reset(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.limit = to;
    this.cut = false;
    this.broken = false;
  }

  /// Enters the value if it is an object, else skips it.
  public boolean enterObject() {
    return enter('{');
  }

  /// Enters the value if it is an array, else skips it.
  public boolean enterArray() {
    return enter('[');
  }

  /// Whether the value begins with `opening`; consumes nothing.
  public boolean isAt(char opening) {
    return peek() == opening;
  }

  /// Whether there is nothing but white space left; consumes nothing.
  public boolean isAtEnd() {
    return peek() < 0;
  }

  /// Goes to the next member of the object entered last; false leaves the object.
  public boolean nextName() {
    int next = peek();
    if (next == '}') {
      at++;
      return false;
    }
    if (next != '"' || !string()) {
      return fail(next);
    }
    next = peek();
    if (next != ':') {
      return fail(next);
    }
    at++;
    return true;
  }

  /// Whether there is a further value in the array entered last; false leaves the array.
  public boolean nextElement() {
    int next = peek();
    if (next == ']') {
      at++;
      return false;
    }
    boolean here = next >= 0 && next != '}' && next != ':';
    return here || fail(next);
  }

  /// Whether the name, or the string, read last is `expected`.
  public boolean is(byte[] expected) {
    return to - from == expected.length
        && Arrays.equals(bytes, from, to, expected, 0, expected.length);
  }

  /// Reads the value if it is a string, else skips it; its inside, escapes and all, is then
  /// `[stringFrom, stringTo)`.
  public boolean readString() {
    if (peek() != '"') {
      skipValue();
      return false;
    }
    return string();
  }

  public int stringFrom() {
    return from;
  }

  public int stringTo() {
    return to;
  }

  /// Reads the value if it is a number that counts something: its whole part, at most [#LARGEST],
  /// and 0 for a negative one. [#ABSENT] for anything else.
  public long readCount() {
    int next = peek();
    boolean negative = next == '-';
    if (!negative && !isDigit(next)) {
      skipValue();
      return ABSENT;
    }
    int start = negative ? at + 1 : at;
    scalar();
    long value = 0;
    for (int i = start; i < at && bytes[i] != '.'; i++) {
      if (!isDigit(bytes[i])) {
        return ABSENT;
      }
      value = Math.min(LARGEST, value * 10 + (bytes[i] - '0'));
    }
    return negative ? 0 : value;
  }

  /// Skips the value; whether it was anything but null.
  public boolean skipValue() {
    int next = peek();
    if (next == '"') {
      return string();
    }
    if (next == '{' || next == '[') {
      skipContainer();
      return true;
    }
    if (next < 0 || next == '}' || next == ']' || next == ':') {
      return fail(next);
    }
    scalar();
    return next != 'n';
  }

  /// Where the value begins that comes next; consumes nothing but what separates values.
  public int valueStart() {
    peek();
    return at;
  }

  /// Where the value consumed last ends, unless it was entered.
  public int valueEnd() {
    return at;
  }

  /// Whether the input so far was JSON and did not end inside the value.
  public boolean isWhole() {
    return !cut && !broken;
  }

  /// Whether the input is no JSON, whatever may follow it.
  public boolean isBroken() {
    return broken;
  }

  private boolean enter(char opening) {
    if (peek() != opening) {
      skipValue();
      return false;
    }
    at++;
    return true;
  }

  private void skipContainer() {
    int depth = 0;
    do {
      at = ByteScan.structure(bytes, at, limit);
      if (at == limit) {
        fail(-1);
        return;
      }
      if (bytes[at] == '"') {
        if (!string()) {
          return;
        }
      } else {
        depth += ByteScan.isOpening(bytes[at]) ? 1 : -1;
        at++;
      }
    } while (depth > 0);
  }

  private boolean string() {
    from = at + 1;
    int end = from;
    while ((end = ByteScan.stringStop(bytes, end, limit)) < limit) {
      if (bytes[end] == '"') {
        to = end;
        at = end + 1;
        return true;
      }
      end += bytes[end] == '\\' ? 2 : 1;
    }
    return fail(-1);
  }

  private void scalar() {
    int start = at;
    while (at < limit && isScalar(bytes[at])) {
      at++;
    }
    if (at == limit) {
      fail(-1);
    } else if (at == start) {
      fail(bytes[at] & 0xff);
    }
  }

  /// The next byte that is neither white space nor a comma, -1 at the end.
  private int peek() {
    while (at < limit) {
      byte next = bytes[at];
      if (next != ' ' && next != ',' && next != '\n' && next != '\r' && next != '\t') {
        return next & 0xff;
      }
      at++;
    }
    return -1;
  }

  private boolean fail(int next) {
    if (next < 0 && !broken) {
      cut = true;
    } else if (!cut) {
      broken = true;
    }
    at = limit;
    return false;
  }

  private static boolean isDigit(int value) {
    return value >= '0' && value <= '9';
  }

  private static boolean isScalar(byte value) {
    return isDigit(value)
        || (value >= 'a' && value <= 'z')
        || (value >= 'A' && value <= 'Z')
        || value == '-'
        || value == '+'
        || value == '.';
  }
}
