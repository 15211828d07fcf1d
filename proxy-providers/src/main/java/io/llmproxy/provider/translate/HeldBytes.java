package io.llmproxy.provider.translate;

import java.util.Arrays;

/// Bytes that wait until they may be written, in an array that grows.
final class HeldBytes {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int length;

  /// All of `pieces`, one behind the other.
  static byte[] joined(byte[]... pieces) {
    HeldBytes all = new HeldBytes();
    for (byte[] piece : pieces) {
      all.add(piece, 0, piece.length);
    }
    return Arrays.copyOf(all.array(), all.length());
  }

  void add(byte[] source, int from, int to) {
    int needed = Math.addExact(length, to - from);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    System.arraycopy(source, from, bytes, length, to - from);
    length = needed;
  }

  void clear() {
    bytes = NOTHING;
    length = 0;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }
}
