package io.llmproxy.proxy.budget;

import io.llmproxy.proxy.lease.Lease;

/// What one proxy may spend of a budget in one period, and what it has committed of that:
/// nano-dollars.
public final class Account extends Lease {
  private final long startMillis;
  private final long endMillis;

  /// @param lent what may be spent, what is `committed` already among it
  /// @param reachable what this proxy may come to hold in the end
  Account(long startMillis, long endMillis, long lent, long committed, long reachable) {
    super(lent, committed, reachable);
    this.startMillis = startMillis;
    this.endMillis = endMillis;
  }

  /// Unix time.
  public long startMillis() {
    return startMillis;
  }

  /// Unix time.
  public long endMillis() {
    return endMillis;
  }
}
