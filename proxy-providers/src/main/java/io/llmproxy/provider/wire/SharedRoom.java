package io.llmproxy.provider.wire;

import java.util.concurrent.atomic.AtomicLong;

/// How much of a reply may be held, where a part of it must be there as a whole before it can be
/// told: up to [#OWN_BYTES] always, and beyond that what all replies of this process share, so that
/// a record with a picture finds room, and many replies without end do not fill the memory.
///
/// Each belongs to one thread; what they share is counted without a lock.
public final class SharedRoom {
  /// What every reply may hold. An array that grows takes up to twice as much, and what is given on
  /// of the same bytes as much again, so that a stream takes less than 1 MiB.
  public static final int OWN_BYTES = 256 << 10;

  /// What all replies together may hold beyond what is their own, at least.
  static final long LEAST_SHARED_BYTES = 64L << 20;

  private static volatile long sharedBytes = LEAST_SHARED_BYTES;
  private static final AtomicLong TAKEN = new AtomicLong();

  private final long most;
  private long taken;

  /// @param most what may be held of this reply at all, bytes
  public SharedRoom(long most) {
    this.most = most;
  }

  /// Whether `bytes` may be held by now, all of them together.
  public boolean has(long bytes) {
    if (bytes > most) {
      return false;
    }
    long more = bytes - OWN_BYTES - taken;
    return more <= 0 || take(more);
  }

  private boolean take(long more) {
    if (TAKEN.addAndGet(more) > sharedBytes) {
      TAKEN.addAndGet(-more);
      return false;
    }
    taken += more;
    return true;
  }

  /// Nothing is held any more. May be called again and again.
  public void clear() {
    if (taken > 0) {
      TAKEN.addAndGet(-taken);
      taken = 0;
    }
  }

  /// All replies of this process together may hold `bytes` beyond what is their own; 64 MiB at
  /// least.
  public static void share(long bytes) {
    sharedBytes = Math.max(LEAST_SHARED_BYTES, bytes);
  }

  /// What replies hold now beyond what is their own, bytes. Any thread.
  public static long takenBytes() {
    return TAKEN.get();
  }
}
