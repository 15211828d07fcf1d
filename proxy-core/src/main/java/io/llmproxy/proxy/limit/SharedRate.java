package io.llmproxy.proxy.limit;

import io.llmproxy.proxy.lease.Lease;
import io.llmproxy.proxy.lease.Lender;
import io.llmproxy.proxy.lease.Sharing;
import java.util.concurrent.TimeUnit;

/// So much a minute of many proxies together: this one takes of what it is lent. The units come
/// back where the lender keeps them, at an even rate.
public final class SharedRate implements Rate {

  /// How long the lender may take to lend what has come back.
  private static final long LENDING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final long limit;
  private final Lease lease;
  private final Lender lender;

  /// @param key the same in every proxy, and of no other limit
  /// @param least that is of any use to a request
  SharedRate(String key, long limit, long least, Sharing sharing) {
    this.limit = limit;
    this.lease = new Lease(0, 0, limit);
    this.lender = sharing.shareRate(key, limit, least, lease);
  }

  @Override
  public long limit() {
    return limit;
  }

  @Override
  public long take(long units, long now) {
    if (units > limit) {
      return Long.MAX_VALUE;
    }
    boolean held = lease.hold(units);
    lender.used();
    if (held) {
      return 0;
    }
    lease.want(units);
    lender.wake();
    return nanos(units - Math.min(units, lease.withinReach())) + LENDING_NANOS;
  }

  @Override
  public void correct(long units) {
    lease.correct(units);
  }

  @Override
  public long remaining(long now) {
    return Math.clamp(lease.withinReach(), 0, limit);
  }

  @Override
  public long untilFull(long now) {
    return nanos(limit - remaining(now));
  }

  private long nanos(long units) {
    return (long) (units * (60e9 / limit));
  }
}
