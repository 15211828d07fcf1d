package io.llmproxy.proxy.route;

import java.util.concurrent.atomic.AtomicLong;

/// How many extra requests may be made: a share of the ordinary ones, and a few at first. Used by
/// any thread.
///
/// A repetition of a failed attempt takes one, a success brings `percent` of one; the same counts
/// requests that are hedged. Beside that one comes back every ten seconds, so that who asks seldom
/// may repeat at all.
public final class Allowance {

  private static final long WHOLE = 100;
  private static final long MOST = 100 * WHOLE;
  private static final long FLOOR_NANOS = 10_000_000_000L;

  private final int percent;

  /// In hundredths of a request.
  private final AtomicLong left;

  private final AtomicLong floorAt;

  /// @param percent 0 for none at all
  public Allowance(int percent, int atFirst, long now) {
    this.percent = percent;
    this.left = new AtomicLong(percent == 0 ? 0 : atFirst * WHOLE);
    this.floorAt = new AtomicLong(now);
  }

  /// An ordinary request succeeded.
  public void earn() {
    if (percent > 0 && left.get() < MOST) {
      left.addAndGet(percent);
    }
  }

  /// Takes one, where there is one.
  public boolean take(long now) {
    if (percent == 0) {
      return false;
    }
    long at = floorAt.get();
    if (now - at >= FLOOR_NANOS && floorAt.compareAndSet(at, now) && left.get() < MOST) {
      left.addAndGet(WHOLE);
    }
    long have = left.get();
    while (have >= WHOLE) {
      if (left.compareAndSet(have, have - WHOLE)) {
        return true;
      }
      have = left.get();
    }
    return false;
  }
}
