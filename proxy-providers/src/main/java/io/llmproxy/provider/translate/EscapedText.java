package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.wire.ByteScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/// The insides of JSON strings on their way from one dialect to another.
final class EscapedText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private EscapedText() {}

  /// Writes the inside `[from, to)` of a string as it stands. Control characters, which a string
  /// must not hold and which would end a line of an event stream, are escaped.
  static void copy(ByteBuf out, byte[] bytes, int from, int to) {
    int begin = from;
    int at = from;
    while ((at = ByteScan.stringStop(bytes, at, to)) < to) {
      byte stop = bytes[at];
      if (stop < ' ') {
        out.writeBytes(bytes, begin, at - begin);
        unit(out, stop);
        begin = ++at;
      } else {
        boolean pair = stop == '\\' && at + 1 < to && (bytes[at + 1] & 0xff) >= ' ';
        at += pair ? 2 : 1;
      }
    }
    out.writeBytes(bytes, begin, to - begin);
  }

  /// Writes the JSON value in `[from, to)`, known to be one, as the inside of a string, without the
  /// white space between its tokens.
  static void quote(ByteBuf out, byte[] bytes, int from, int to) {
    boolean inString = false;
    for (int at = from; at < to; at++) {
      byte next = bytes[at];
      if (next == '"') {
        inString = !inString;
        out.writeByte('\\').writeByte('"');
      } else if (next == '\\') {
        // Only strings hold these; what follows is a part of the escape.
        out.writeByte('\\').writeByte('\\');
        at++;
        escape(out, bytes[at]);
      } else if (inString || next > ' ' || next < 0) {
        out.writeByte(next);
      }
    }
  }

  /// Writes what the inside `[from, to)` of a string means, in UTF-8. Half a surrogate pair alone
  /// becomes U+FFFD.
  static void unescape(ByteBuf out, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int stop = ByteScan.stringStop(bytes, at, to);
      out.writeBytes(bytes, at, stop - at);
      at = stop;
      if (at == to) {
        return;
      }
      if (bytes[at] != '\\' || at + 1 == to) {
        out.writeByte(bytes[at++]);
      } else if (bytes[at + 1] == 'u') {
        at = unescapeUnit(out, bytes, at, to);
      } else {
        out.writeByte(meaning(bytes[at + 1]));
        at += 2;
      }
    }
  }

  /// What the letter of a short escape stands for.
  static int meaning(byte letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> letter;
    };
  }

  /// The UTF-16 unit of the escape that begins at `at`, negative where it is none.
  static int unit(byte[] bytes, int at, int to) {
    if (at + 6 > to || bytes[at] != '\\' || bytes[at + 1] != 'u') {
      return -1;
    }
    int value = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static int unescapeUnit(ByteBuf out, byte[] bytes, int at, int to) {
    int high = unit(bytes, at, to);
    if (high < 0) {
      out.writeByte(bytes[at]);
      return at + 1;
    }
    int low = unit(bytes, at + 6, to);
    if (low >= 0 && Character.isSurrogatePair((char) high, (char) low)) {
      ByteBufUtil.writeUtf8(
          out, Character.toString(Character.toCodePoint((char) high, (char) low)));
      return at + 12;
    }
    boolean half = Character.isSurrogate((char) high);
    ByteBufUtil.writeUtf8(out, Character.toString(half ? 0xFFFD : high));
    return at + 6;
  }

  private static void escape(ByteBuf out, byte letter) {
    if (letter == '"' || letter == '\\') {
      out.writeByte('\\');
    }
    out.writeByte(letter);
  }

  private static void unit(ByteBuf out, byte control) {
    out.writeByte('\\').writeByte('u').writeByte('0').writeByte('0');
    out.writeByte(HEX[control >> 4]).writeByte(HEX[control & 15]);
  }
}
