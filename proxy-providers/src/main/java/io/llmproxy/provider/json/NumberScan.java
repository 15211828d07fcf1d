package io.llmproxy.provider.json;

/// One JSON number, followed byte by byte (RFC 8259, section 6).
final class NumberScan {
  private static final int NONE = -1;
  private static final int MINUS = 0;
  private static final int ZERO = 1;
  private static final int DIGITS = 2;
  private static final int POINT = 3;
  private static final int FRACTION = 4;
  private static final int EXPONENT = 5;
  private static final int SIGN = 6;
  private static final int POWER = 7;

  private int state;

  static boolean canBegin(byte b) {
    return b == '-' || isDigit(b);
  }

  /// Begins with `first`, for which [#canBegin] holds.
  void begin(byte first) {
    state = first == '-' ? MINUS : first == '0' ? ZERO : DIGITS;
  }

  /// Gives the index of the first byte that does not belong to the number, or `end`.
  int scan(byte[] bytes, int from, int end) {
    int local = state;
    int at = from;
    while (at < end) {
      int next = next(local, bytes[at]);
      if (next == NONE) {
        break;
      }
      local = next;
      at++;
      if (local == DIGITS) {
        while (at < end && isDigit(bytes[at])) {
          at++;
        }
      }
    }
    state = local;
    return at;
  }

  /// Whether what was read so far is a number.
  boolean isWhole() {
    return state == ZERO || state == DIGITS || state == FRACTION || state == POWER;
  }

  private static int next(int state, byte b) {
    if (isDigit(b)) {
      return switch (state) {
        case MINUS -> b == '0' ? ZERO : DIGITS;
        case DIGITS -> DIGITS;
        case POINT, FRACTION -> FRACTION;
        case EXPONENT, SIGN, POWER -> POWER;
        default -> NONE;
      };
    }
    return switch (b) {
      case '.' -> state == ZERO || state == DIGITS ? POINT : NONE;
      case 'e', 'E' -> state == ZERO || state == DIGITS || state == FRACTION ? EXPONENT : NONE;
      case '+', '-' -> state == EXPONENT ? SIGN : NONE;
      default -> NONE;
    };
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
