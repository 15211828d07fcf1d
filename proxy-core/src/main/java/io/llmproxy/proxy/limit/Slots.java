package io.llmproxy.proxy.limit;

import java.util.concurrent.atomic.AtomicInteger;

/// So many at once. Used by any thread.
public final class Slots {

  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  public Slots(int limit) {
    this.limit = limit;
  }

  public int limit() {
    return limit;
  }

  /// Takes one; false where all are taken.
  public boolean take() {
    while (true) {
      int seen = taken.get();
      if (seen >= limit) {
        return false;
      }
      if (taken.compareAndSet(seen, seen + 1)) {
        return true;
      }
    }
  }

  /// Gives one back.
  public void giveBack() {
    taken.decrementAndGet();
  }

  /// How many are taken now.
  public int taken() {
    return taken.get();
  }
}
