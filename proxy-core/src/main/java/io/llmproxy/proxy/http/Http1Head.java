package io.llmproxy.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;

/// Finds and reads the lines of an HTTP/1.1 head, strictly: lines end in CR LF, names are tokens
/// right before their colon, values hold no control bytes, nothing is folded (RFC 9112 sections
/// 2.2, 5.1, 5.2).
public final class Http1Head {

  /// Called for each field of a head.
  @FunctionalInterface
  public interface FieldVisitor {

    /// The name stands in `[nameStart, nameEnd)`, the value without white space around it in
    /// `[valueStart, valueEnd)`. Returns false to refuse the head.
    boolean field(ByteBuf buf, int nameStart, int nameEnd, int valueStart, int valueEnd);
  }

  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[Character.toUpperCase(c)] = true;
    }
  }

  private Http1Head() {}

  /// Index just behind the empty line that ends the head, or −1 where it is not there yet. Looks
  /// from `from` on, which may stand anywhere behind the head's first byte.
  public static int end(ByteBuf buf, int from) {
    int last = buf.writerIndex();
    int at = Math.max(from, buf.readerIndex());
    while (true) {
      int lf = buf.indexOf(at, last, (byte) '\n');
      if (lf < 0) {
        return -1;
      }
      if (lf + 2 < last && buf.getByte(lf + 1) == '\r' && buf.getByte(lf + 2) == '\n') {
        return lf + 3;
      }
      at = lf + 1;
    }
  }

  /// Index of the CR that ends the line which begins at `start`, or −1 where the line does not end
  /// in CR LF before `end`.
  public static int lineEnd(ByteBuf buf, int start, int end) {
    int lf = buf.indexOf(start, end, (byte) '\n');
    return lf > start && buf.getByte(lf - 1) == '\r' ? lf - 1 : -1;
  }

  /// Reads the field lines from `start` up to `end`, the index behind the empty line. Returns false
  /// where one is malformed or refused.
  public static boolean fields(ByteBuf buf, int start, int end, FieldVisitor visitor) {
    int line = start;
    while (line < end - 2) {
      int cr = lineEnd(buf, line, end);
      if (cr < 0 || !field(buf, line, cr, visitor)) {
        return false;
      }
      line = cr + 2;
    }
    return line == end - 2;
  }

  private static boolean field(ByteBuf buf, int start, int cr, FieldVisitor visitor) {
    int colon = start;
    while (colon < cr && isToken(buf.getByte(colon))) {
      colon++;
    }
    if (colon == start || colon == cr || buf.getByte(colon) != ':') {
      return false;
    }
    int from = colon + 1;
    while (from < cr && isBlank(buf.getByte(from))) {
      from++;
    }
    int to = cr;
    while (to > from && isBlank(buf.getByte(to - 1))) {
      to--;
    }
    for (int i = from; i < to; i++) {
      if (isControl(buf.getByte(i))) {
        return false;
      }
    }
    return visitor.field(buf, start, colon, from, to);
  }

  /// Whether `value` may stand in a field as it is (RFC 9110 section 5.5). What came over HTTP/2
  /// has not been through [#fields], and may be sent on over HTTP/1.1.
  public static boolean isLegalValue(AsciiString value) {
    for (int i = 0; i < value.length(); i++) {
      if (isControl(value.byteAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isControl(byte b) {
    return (b < ' ' && b >= 0 && b != '\t') || b == 0x7f;
  }

  public static boolean isToken(byte b) {
    return b >= 0 && TOKEN[b];
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
