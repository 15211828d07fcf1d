package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.lease.Lender;
import java.util.List;

/// Something that is shared, and its leases.
abstract class Shared implements Lender {
  private final Kind kind;
  private final Syncer syncer;
  private volatile boolean used;
  private volatile boolean listed;
  private long usedNanos;

  Shared(Kind kind, Syncer syncer) {
    this.kind = kind;
    this.syncer = syncer;
  }

  @Override
  public final void used() {
    if (!used) {
      used = true;
      if (!listed) {
        syncer.list(this);
      }
    }
  }

  @Override
  public final void wake() {
    syncer.wake();
  }

  /// The syncer: whether it has this one on its list.
  final void listed(boolean is, long nowNanos) {
    listed = is;
    usedNanos = nowNanos;
  }

  /// The syncer: whether nobody has asked anything of it for long, and nothing of it is to come
  /// back.
  final boolean isIdle(long nowNanos, long nowMillis) {
    if (used) {
      used = false;
      usedNanos = nowNanos;
    }
    return nowNanos - usedNanos > kind.idleNanos()
        && (kind != Kind.SLOTS
            || loans(nowNanos, nowMillis).stream().allMatch(l -> l.lease().committed() == 0));
  }

  /// The syncer: the leases that matter now.
  abstract List<Loan> loans(long nowNanos, long nowMillis);
}
