package io.llmproxy.proxy.config;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The SHA-256 of a client's key. Keys are random and long, so that a hash without salt cannot be
/// turned back.
public record KeyHash(long first, long second, long third, long fourth) {

  /// How many bytes there are.
  public static final int BYTES = 32;

  private static final String PREFIX = "sha256:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-fA-F]{64}");

  /// `sha256:` and 64 hexadecimal digits; null for anything else.
  public static @Nullable KeyHash read(String text) {
    return FORM.matcher(text).matches()
        ? of(HexFormat.of().parseHex(text, PREFIX.length(), text.length()))
        : null;
  }

  /// The hash that stands in `digest`, which is of [#BYTES] bytes.
  public static KeyHash of(byte[] digest) {
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    return new KeyHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  /// The hash of a whole key.
  public static KeyHash ofKey(byte[] key) {
    return of(sha256().digest(key));
  }

  /// What computes hashes; for one thread.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// As [#read] takes it.
  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(first).putLong(second).putLong(third).putLong(fourth);
    return PREFIX + HexFormat.of().formatHex(bytes.array());
  }
}
