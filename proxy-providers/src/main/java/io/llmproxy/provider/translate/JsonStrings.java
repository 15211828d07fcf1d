package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.wire.ByteScan;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The insides of JSON strings, as the escaped bytes they are.
final class JsonStrings {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final char REPLACEMENT = '\uFFFD';

  private JsonStrings() {}

  /// What the string says. A broken escape stands for itself, half a surrogate pair for U+FFFD.
  static String unescaped(byte[] bytes, int from, int to) {
    String written = new String(bytes, from, to - from, UTF_8);
    if (written.indexOf('\\') < 0) {
      return written;
    }
    StringBuilder text = new StringBuilder(written.length());
    int at = 0;
    while (at < written.length()) {
      char next = written.charAt(at);
      if (next == '\\' && at + 1 < written.length()) {
        at += unescape(written, at + 1, text);
      } else {
        text.append(next);
      }
      at++;
    }
    return wellFormed(text);
  }

  /// The bytes of what the string says, in UTF-8.
  static byte[] unescapedBytes(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\\') {
        return unescaped(bytes, from, to).getBytes(UTF_8);
      }
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  /// Whether the string says nothing but white space.
  static boolean isBlank(byte[] bytes, int from, int to) {
    return trimmedTo(bytes, from, to) == from;
  }

  /// Where the inside ends without the white space at its end.
  static int trimmedTo(byte[] bytes, int from, int to) {
    int end = from;
    int at = from;
    while (at < to) {
      int unit = bytes[at] == '\\' && at + 1 < to ? 2 : 1;
      if (!isBlank(bytes, at)) {
        end = at + unit;
      }
      at += unit;
    }
    return end;
  }

  /// Appends the inside of a string but for its white space.
  static void writeWithoutBlanks(ByteBuf out, byte[] bytes, int from, int to) {
    int kept = from;
    int at = from;
    while (at < to) {
      int unit = bytes[at] == '\\' && at + 1 < to ? 2 : 1;
      if (isBlank(bytes, at)) {
        out.writeBytes(bytes, kept, at - kept);
        kept = at + unit;
      }
      at += unit;
    }
    out.writeBytes(bytes, kept, to - kept);
  }

  /// Appends the inside of a string. Control characters, which JSON forbids there but the reader of
  /// a stream lets through, are escaped: a line feed would end the record it is written to.
  static void writeInside(ByteBuf out, byte[] bytes, int from, int to) {
    int kept = from;
    int at = from;
    while ((at = ByteScan.stringStop(bytes, at, to)) < to) {
      if (isControl(bytes[at])) {
        out.writeBytes(bytes, kept, at - kept);
        writeControl(out, bytes[at]);
        kept = at + 1;
        at++;
      } else {
        at += bytes[at] == '\\' && at + 1 < to && !isControl(bytes[at + 1]) ? 2 : 1;
      }
    }
    out.writeBytes(bytes, kept, to - kept);
  }

  /// Appends JSON text as the inside of a string. White space between its tokens that is a control
  /// character is left out.
  static void writeQuoted(ByteBuf out, byte[] json, int from, int to) {
    int kept = from;
    int at = from;
    while ((at = ByteScan.stringStop(json, at, to)) < to) {
      out.writeBytes(json, kept, at - kept);
      if (isControl(json[at])) {
        kept = at + 1;
      } else {
        out.writeByte('\\');
        kept = at;
      }
      at++;
    }
    out.writeBytes(json, kept, to - kept);
  }

  /// Moves JSON text, known to be right, together, so that no white space stands between its
  /// tokens; gives where it ends then.
  static int compact(byte[] json, int from, int to) {
    boolean inString = false;
    int end = from;
    for (int at = from; at < to; at++) {
      byte next = json[at];
      if (inString && next == '\\') {
        json[end++] = next;
        at++;
        json[end++] = json[at];
      } else if (inString || next > ' ' || next < 0) {
        inString ^= next == '"';
        json[end++] = next;
      }
    }
    return end;
  }

  private static void writeControl(ByteBuf out, byte control) {
    out.writeByte('\\').writeByte('u').writeByte('0').writeByte('0');
    out.writeByte(HEX[control >> 4]).writeByte(HEX[control & 0xf]);
  }

  private static boolean isControl(byte value) {
    return value >= 0 && value < ' ';
  }

  private static boolean isBlank(byte[] bytes, int at) {
    if (bytes[at] == '\\') {
      byte escape = at + 1 < bytes.length ? bytes[at + 1] : 0;
      return escape == 'n' || escape == 'r' || escape == 't';
    }
    return bytes[at] == ' ' || isControl(bytes[at]);
  }

  /// Appends what the escape says whose letter is at `at`; how many characters follow the
  /// backslash.
  private static int unescape(String written, int at, StringBuilder text) {
    char letter = written.charAt(at);
    switch (letter) {
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        int unit = hex(written, at + 1);
        text.append((char) (unit < 0 ? 'u' : unit));
        return unit < 0 ? 1 : 5;
      }
      default -> text.append(letter);
    }
    return 1;
  }

  private static int hex(String written, int at) {
    if (at + 4 > written.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(written.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static String wellFormed(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      boolean pair = i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(unit)) {
        text.setCharAt(i, REPLACEMENT);
      }
    }
    return text.toString();
  }
}
