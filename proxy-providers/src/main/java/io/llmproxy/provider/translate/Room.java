package io.llmproxy.provider.translate;

/// How much may still be held of one reply.
final class Room {
  /// What holding anything costs beside its bytes, about.
  private static final int OVERHEAD_BYTES = 256;

  private long left;
  private boolean overflown;

  /// Room for `bytes`.
  Room(long bytes) {
    left = bytes;
  }

  /// Takes room for `bytes` more of what is held already; whether there was any.
  boolean take(long bytes) {
    overflown |= bytes > left;
    if (!overflown) {
      left -= bytes;
    }
    return !overflown;
  }

  /// Takes room for something new of `bytes`; whether there was any.
  boolean takeNew(long bytes) {
    return take(bytes + OVERHEAD_BYTES);
  }

  /// There are to be `objects` of a kind that is looked through again and again.
  void count(int objects) {
    overflown |= objects > BlockSequence.MOST_CALLS;
  }

  /// Whether more was to be held than may be.
  boolean isOverflown() {
    return overflown;
  }
}
