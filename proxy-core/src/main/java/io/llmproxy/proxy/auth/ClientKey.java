package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// A client's key: `llmp-`, 43 random characters, and a checksum of both by which whoever finds it
/// somewhere knows it for a key without asking.
public record ClientKey(String reveal) {

  private static final String PREFIX = "llmp-";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /// 43 times log2(62) are 256 bits.
  private static final int RANDOM_CHARACTERS = 43;

  private static final int CHECK_CHARACTERS = 6;

  /// A new key.
  ///
  /// @param random one that nobody can foretell
  public static ClientKey make(RandomGenerator random) {
    StringBuilder text = new StringBuilder(PREFIX);
    for (int i = 0; i < RANDOM_CHARACTERS; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return new ClientKey(text + check(text.toString()));
  }

  /// Whether the text is a key that somebody made, and not mistyped.
  public static boolean isKey(String text) {
    int body = PREFIX.length() + RANDOM_CHARACTERS;
    return text.length() == body + CHECK_CHARACTERS
        && text.startsWith(PREFIX)
        && text.endsWith(check(text.substring(0, body)));
  }

  /// The CRC-32 in base 62, with leading zeros.
  private static String check(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    char[] digits = new char[CHECK_CHARACTERS];
    long rest = crc.getValue();
    for (int i = CHECK_CHARACTERS - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(digits);
  }

  /// By which the proxy knows it.
  public KeyHash hash() {
    return KeyHash.ofKey(reveal.getBytes(StandardCharsets.UTF_8));
  }

  /// Never the key.
  @Override
  public String toString() {
    return "***";
  }
}
