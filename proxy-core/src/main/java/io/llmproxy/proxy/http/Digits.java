package io.llmproxy.proxy.http;

import io.netty.util.AsciiString;

/// Reads a non-negative decimal number of HTTP: digits only, no sign, no space.
public final class Digits {

  private static final int MOST = 18;

  private Digits() {}

  /// The number, or −2 where the text is none.
  public static long parse(AsciiString text) {
    if (text.isEmpty() || text.length() > MOST) {
      return -2;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.byteAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -2;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
