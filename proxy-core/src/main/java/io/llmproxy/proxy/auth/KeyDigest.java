package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.KeyHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;

/// The hash of what was last shown, in place. For one thread.
public final class KeyDigest {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final MessageDigest sha256 = KeyHash.sha256();
  private final byte[] digest = new byte[KeyHash.BYTES];

  /// Hashes `length` bytes from `offset` on.
  public void of(byte[] bytes, int offset, int length) {
    try {
      sha256.update(bytes, offset, length);
      int written = sha256.digest(digest, 0, digest.length);
      assert written == digest.length;
    } catch (DigestException e) {
      throw new IllegalStateException("the digest has its 32 bytes", e);
    }
  }

  /// One of the four parts of the hash.
  public long part(int index) {
    return (long) LONG.get(digest, index * Long.BYTES);
  }

  KeyHash hash() {
    return KeyHash.of(digest);
  }
}
