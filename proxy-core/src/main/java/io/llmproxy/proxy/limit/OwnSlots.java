package io.llmproxy.proxy.limit;

import java.util.concurrent.atomic.AtomicInteger;

/// Those of this proxy alone.
final class OwnSlots implements Slots {

  private final int limit;
  private final AtomicInteger taken = new AtomicInteger();

  OwnSlots(int limit) {
    this.limit = limit;
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
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

  @Override
  public void giveBack() {
    taken.decrementAndGet();
  }

  @Override
  public long taken() {
    return taken.get();
  }
}
