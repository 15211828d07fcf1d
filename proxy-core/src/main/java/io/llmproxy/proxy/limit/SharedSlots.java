package io.llmproxy.proxy.limit;

import io.llmproxy.proxy.lease.Lease;
import io.llmproxy.proxy.lease.Lender;
import io.llmproxy.proxy.lease.Sharing;

/// Those of many proxies together: this one takes of what it is lent.
final class SharedSlots implements Slots {

  private final int limit;
  private final Lease lease;
  private final Lender lender;

  /// @param key the same in every proxy, and of no other limit
  SharedSlots(String key, int limit, Sharing sharing) {
    this.limit = limit;
    this.lease = new Lease(0, 0, limit);
    this.lender = sharing.shareSlots(key, limit, lease);
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public boolean take() {
    boolean held = lease.hold(1);
    lender.used();
    if (!held) {
      lease.want(1);
      lender.wake();
    }
    return held;
  }

  @Override
  public void giveBack() {
    lease.correct(-1);
  }

  @Override
  public long taken() {
    return lease.committed();
  }
}
