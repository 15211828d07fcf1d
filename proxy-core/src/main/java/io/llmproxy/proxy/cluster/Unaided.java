package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.lease.Lease;
import java.util.concurrent.TimeUnit;

/// What one lease grows by while the store is away.
///
/// A budget's by what its settings say, once, until the store says that all of it is within the
/// limit again; a rate's by one proxy's part, as time goes by; slots are never fewer than a proxy
/// has that begins.
final class Unaided {
  private static final double MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Terms terms;
  private final Lease lease;

  /// Lent, and not taken back since.
  private long beyond;

  /// Of a budget: used of what was lent in earlier times without the store.
  private long used;

  private boolean away;
  private long lentNanos;

  Unaided(Terms terms, Lease lease) {
    this.terms = terms;
    this.lease = lease;
  }

  /// The store is away, or still is: lends what may be used without it.
  ///
  /// @param proxies that share
  void lend(long nowNanos, int proxies) {
    if (!away) {
      away = true;
      lentNanos = nowNanos;
    }
    switch (terms.kind()) {
      case BUDGET -> {
        if (beyond == 0) {
          lend(terms.soft() - used);
        }
      }
      case RATE -> drip(nowNanos, proxies);
      case SLOTS -> lend(terms.standby(proxies) - lease.lent());
    }
  }

  private void drip(long nowNanos, int proxies) {
    double each = MINUTE_NANOS * proxies / terms.limit();
    long units = (long) ((nowNanos - lentNanos) / each);
    if (units > 0) {
      lentNanos += (long) (units * each);
      lend(Math.min(units, terms.limit() / proxies - lease.left()));
    }
  }

  private void lend(long units) {
    if (units > 0) {
      beyond += units;
      lease.lend(units);
    }
  }

  /// The store may be back: what was not used is not to be used any more.
  void withdraw() {
    away = false;
    if (beyond > 0) {
      used += beyond - lease.takeBack(beyond);
      beyond = 0;
    }
  }

  /// The store has lent more: what was used without it is within the limit.
  void absolve() {
    used = 0;
  }
}
