package io.llmproxy.provider.json;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// The names of one object's fields, unescaped, each kept once: an open hash table over one array
/// of bytes.
final class SeenNames {
  static final int MAX_NAMES = 4096;
  static final int MAX_BYTES = 256 * 1024;

  /// Unknown to callers, so that nobody can choose names that share a slot.
  private static final long SEED = new SecureRandom().nextLong();

  private static final int FIRST_NAMES = 16;
  private static final int FIRST_BYTES = 256;
  private static final int SHOWN_BYTES = 64;

  /// Whether a name may stand.
  enum Verdict {
    FIRST,
    REPEATED,
    TOO_MANY
  }

  private byte[] bytes = new byte[FIRST_BYTES];
  private long[] hashes = new long[FIRST_NAMES];
  private int[] starts = new int[FIRST_NAMES + 1];

  /// Number of a name plus one; 0 where free. Its length is a power of two.
  private int[] slots = new int[4 * FIRST_NAMES];

  private int count;
  private int length;
  private int lastStart;

  /// A high surrogate that waits for its other half, else 0.
  private int high;

  private boolean overflown;

  int count() {
    return count;
  }

  void begin() {
    lastStart = length;
    high = 0;
  }

  /// Adds a byte that stood in the name as it is.
  void append(byte b) {
    flushHigh();
    put(b);
  }

  /// Adds a UTF-16 unit that stood in the name as `\\u`. Half a pair alone takes three bytes that
  /// no valid UTF-8 holds, so that it equals only itself.
  void appendUnit(int unit) {
    if (high != 0 && Character.isLowSurrogate((char) unit)) {
      int point = Character.toCodePoint((char) high, (char) unit);
      high = 0;
      put((byte) (0xF0 | (point >>> 18)));
      put((byte) (0x80 | (point >>> 12 & 0x3F)));
      put((byte) (0x80 | (point >>> 6 & 0x3F)));
      put((byte) (0x80 | (point & 0x3F)));
      return;
    }
    flushHigh();
    if (Character.isHighSurrogate((char) unit)) {
      high = unit;
    } else {
      putUnit(unit);
    }
  }

  /// The name is whole: keeps it, unless it was there before.
  Verdict end() {
    flushHigh();
    if (overflown || count == MAX_NAMES) {
      return Verdict.TOO_MANY;
    }
    long hash = hash(lastStart, length);
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      if (isSame(slots[slot] - 1, hash)) {
        return Verdict.REPEATED;
      }
      slot = slot + 1 & mask;
    }
    slots[slot] = count + 1;
    hashes[count] = hash;
    starts[++count] = length;
    if (count == hashes.length) {
      grow();
    }
    return Verdict.FIRST;
  }

  boolean lastIs(byte[] name) {
    return Arrays.equals(bytes, lastStart, length, name, 0, name.length);
  }

  /// The name that was read last, cut where it is long; for messages.
  String last() {
    int shown = Math.min(length - lastStart, SHOWN_BYTES);
    String start = new String(bytes, lastStart, shown, StandardCharsets.UTF_8);
    return shown == length - lastStart ? start : start + "...";
  }

  void reset() {
    Arrays.fill(slots, 0);
    count = 0;
    length = 0;
    lastStart = 0;
    high = 0;
    overflown = false;
  }

  private boolean isSame(int name, long hash) {
    return hashes[name] == hash
        && Arrays.equals(bytes, starts[name], starts[name + 1], bytes, lastStart, length);
  }

  private long hash(int from, int to) {
    byte[] local = bytes;
    long hash = SEED;
    for (int i = from; i < to; i++) {
      hash = (hash ^ local[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  private void grow() {
    hashes = Arrays.copyOf(hashes, 2 * count);
    starts = Arrays.copyOf(starts, 2 * count + 1);
    slots = new int[8 * count];
    int mask = slots.length - 1;
    for (int i = 0; i < count; i++) {
      int slot = (int) hashes[i] & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = i + 1;
    }
  }

  private void flushHigh() {
    if (high != 0) {
      putUnit(high);
      high = 0;
    }
  }

  private void putUnit(int unit) {
    if (unit < 0x80) {
      put((byte) unit);
      return;
    }
    if (unit < 0x800) {
      put((byte) (0xC0 | (unit >>> 6)));
    } else {
      put((byte) (0xE0 | (unit >>> 12)));
      put((byte) (0x80 | (unit >>> 6 & 0x3F)));
    }
    put((byte) (0x80 | (unit & 0x3F)));
  }

  private void put(byte b) {
    if (length == bytes.length) {
      if (length == MAX_BYTES) {
        overflown = true;
        return;
      }
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = b;
  }
}
