package io.llmproxy.provider.sse;

import java.util.Arrays;

/// Bytes gathered from several places into one array, which is used again.
final class Gathering {
  private static final byte[] NOTHING = {};
  private static final int FIRST = 512;
  private static final int KEPT = 64 * 1024;

  private byte[] bytes = NOTHING;
  private int length;

  void add(byte[] source, int from, int to) {
    int needed = length + to - from;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.max(FIRST, needed), bytes.length * 2));
    }
    System.arraycopy(source, from, bytes, length, to - from);
    length = needed;
  }

  /// Forgets the bytes, and gives the array up if it has grown large.
  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = NOTHING;
    }
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }
}
