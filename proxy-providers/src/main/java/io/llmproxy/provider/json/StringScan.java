package io.llmproxy.provider.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// One JSON string, followed from behind its opening quote to behind its closing one: escapes,
/// control characters and UTF-8 are checked, wherever the bytes are cut.
final class StringScan {
  /// The lowest byte of a long is the one that stands first, on every machine.
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;

  /// What the next byte belongs to, or how the string ended.
  enum Part {
    PLAIN,
    ESCAPE,
    HEX,
    SEQUENCE,
    CLOSED,
    BROKEN,
    NOT_UTF8
  }

  private final SeenNames names;
  private Part part = Part.PLAIN;
  private boolean isName;

  private int hexDigits;
  private int unit;

  /// Bytes that the UTF-8 sequence still lacks, and the bounds of the next one.
  private int lacking;

  private int low;
  private int high;
  private String expected = "";

  StringScan(SeenNames names) {
    this.names = names;
  }

  /// Begins a string; a name is kept, unescaped, in the names.
  void begin(boolean asName) {
    part = Part.PLAIN;
    isName = asName;
    lacking = 0;
    if (asName) {
      names.begin();
    }
  }

  Part part() {
    return part;
  }

  /// What should have been there, once the part is BROKEN.
  String expected() {
    return expected;
  }

  /// Gives the index behind the closing quote, or of the byte that is wrong, or `end` where the
  /// string goes on.
  int scan(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      at =
          switch (part) {
            case PLAIN -> plain(bytes, at, end);
            case ESCAPE -> escape(bytes[at], at);
            case HEX -> hex(bytes[at], at);
            case SEQUENCE -> sequence(bytes[at], at);
            case CLOSED, BROKEN, NOT_UTF8 -> end;
          };
      if (part.compareTo(Part.CLOSED) >= 0) {
        return at;
      }
    }
    return at;
  }

  private int plain(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end) {
      byte b = bytes[at];
      if (b < 0) {
        int behind = isName ? at : behindSequences(bytes, at, end);
        if (behind == at) {
          part = Part.SEQUENCE;
          return at;
        }
        at = behind;
      } else if (b == '"') {
        part = Part.CLOSED;
        return at + 1;
      } else if (b == '\\') {
        part = Part.ESCAPE;
        at = at + 1 < end ? escape(bytes[at + 1], at + 1) : end;
        if (part != Part.PLAIN) {
          return at;
        }
      } else if (b < ' ') {
        return broken("a string's character (a control character must be escaped)", at);
      } else if (isName) {
        names.append(b);
        at++;
      } else {
        at = behindPlain(bytes, at + 1, end);
      }
    }
    return at;
  }

  /// The index of the first byte that needs a look: a quote, a backslash, a control character or
  /// one outside ASCII.
  private static int behindPlain(byte[] bytes, int from, int end) {
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      long quote = word ^ QUOTES;
      long backslash = word ^ BACKSLASHES;
      // A borrow can only raise false hits above a true one, and only the lowest is used.
      long hits =
          (((quote - ONES) & ~quote)
                  | ((backslash - ONES) & ~backslash)
                  | ((word - SPACES) & ~word)
                  | word)
              & HIGHS;
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    while (at < end && isPlain(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  /// Steps over whole, valid sequences of two to four bytes; stops before anything else, and before
  /// the last three bytes of a segment, which are left to [#sequence].
  private static int behindSequences(byte[] bytes, int from, int end) {
    int at = from;
    while (at <= end - Integer.BYTES) {
      int length = sequenceLength((int) INTS.get(bytes, at));
      if (length == 0) {
        break;
      }
      at += length;
    }
    return at;
  }

  /// How many of the bytes of `word`, the highest first, are one valid sequence; 0 for ASCII too.
  private static int sequenceLength(int word) {
    if ((word & 0xF0C0C000) == 0xE0808000) {
      int point = ((word >>> 12) & 0xF000) | ((word >>> 10) & 0xFC0) | ((word >>> 8) & 0x3F);
      return point >= 0x800 && (point < 0xD800 || point > 0xDFFF) ? 3 : 0;
    }
    if ((word & 0xE0C00000) == 0xC0800000) {
      return (word & 0x1E000000) == 0 ? 0 : 2;
    }
    if ((word & 0xF8C0C0C0) == 0xF0808080) {
      int point = ((word >>> 6) & 0x1C0000) | ((word >>> 4) & 0x3F000);
      return point >= 0x10000 && point <= 0x10FFFF ? 4 : 0;
    }
    return 0;
  }

  private int broken(String what, int at) {
    part = Part.BROKEN;
    expected = what;
    return at;
  }

  private int escape(byte b, int at) {
    int meaning =
        switch (b) {
          case '"', '\\', '/' -> b;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> 0;
          default -> -1;
        };
    if (meaning < 0) {
      return broken("an escape: one of \"\\/bfnrtu", at);
    }
    if (meaning == 0) {
      part = Part.HEX;
      hexDigits = 0;
      unit = 0;
    } else {
      part = Part.PLAIN;
      if (isName) {
        names.append((byte) meaning);
      }
    }
    return at + 1;
  }

  private int hex(byte b, int at) {
    int digit = Character.digit(b, 16);
    if (digit < 0) {
      return broken("a hexadecimal digit", at);
    }
    unit = (unit << 4) | digit;
    if (++hexDigits == 4) {
      part = Part.PLAIN;
      if (isName) {
        names.appendUnit(unit);
      }
    }
    return at + 1;
  }

  /// One byte of a sequence outside ASCII (RFC 3629, section 4).
  private int sequence(byte b, int at) {
    int value = b & 0xFF;
    if (lacking == 0 ? !isLead(value) : value < low || value > high) {
      part = Part.NOT_UTF8;
      return at;
    }
    if (lacking == 0) {
      lead(value);
    } else {
      lacking--;
      low = 0x80;
      high = 0xBF;
    }
    if (isName) {
      names.append(b);
    }
    if (lacking == 0) {
      part = Part.PLAIN;
    }
    return at + 1;
  }

  private static boolean isLead(int value) {
    return value >= 0xC2 && value <= 0xF4;
  }

  private void lead(int value) {
    lacking = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
    // The second byte's bounds keep out overlong forms, surrogates and what is above U+10FFFF.
    low = value == 0xE0 ? 0xA0 : value == 0xF0 ? 0x90 : 0x80;
    high = value == 0xED ? 0x9F : value == 0xF4 ? 0x8F : 0xBF;
  }
}
