package io.llmproxy.proxy.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The checksum that binds each record to the one before it: the first eight bytes of SHA-256 over
/// both. For one thread.
final class Checksum {
  private final MessageDigest digest;
  private final ByteBuffer before = ByteBuffer.allocate(Long.BYTES);

  Checksum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  long after(long previous, String canonical) {
    byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
    return after(previous, bytes, 0);
  }

  /// Over the bytes from `from` to the end.
  long after(long previous, byte[] bytes, int from) {
    before.clear().putLong(previous);
    digest.update(before.array());
    digest.update(bytes, from, bytes.length - from);
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
