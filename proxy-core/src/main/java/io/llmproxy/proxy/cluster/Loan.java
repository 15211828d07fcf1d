package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.budget.Account;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One account's lease, as the thread that syncs sees it.
///
/// An amount is given back here before the store is told, and lent here after the store has said
/// so: what all proxies may spend is never more than the limit, whatever gets lost between them.
final class Loan {
  private static final long MICRO = 1_000;

  /// A caller that was refused comes back within so long, if at all; until then what was got for it
  /// is kept.
  private static final long EARMARK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long SAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long KEPT_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final Account account;
  private final String key;
  private final long limit;
  private final long soft;
  private long wanted;
  private long need;
  private long wantedUntil;
  private long keepUntil;
  private long level = -1;
  private long said = -1;
  private long saidNanos;
  private long beyond;
  private boolean hungryElsewhere;

  /// @param limit of all proxies together, nano-dollars
  /// @param soft how far beyond its lease this proxy may go while the store is away
  Loan(Account account, String key, long limit, long soft, long nowNanos) {
    this.account = account;
    this.key = key;
    this.limit = limit;
    this.soft = soft;
    this.keepUntil = nowNanos;
    this.wantedUntil = nowNanos;
    this.saidNanos = nowNanos;
  }

  Account account() {
    return account;
  }

  /// What to say to the store now, null for nothing.
  @Nullable Ask ask(long nowNanos, long nowMillis) {
    noteWanted(nowNanos);
    long committed = committed();
    Ask ask = null;
    if (need > 0) {
      account.takeBack(Long.MAX_VALUE);
      committed = committed();
      ask = ask(committed, committed + up(Math.max(wanted, need)), up(need), nowMillis);
    } else if (hungryElsewhere && nowNanos - keepUntil > 0) {
      account.takeBack(Long.MAX_VALUE);
      committed = committed();
      ask = ask(committed, committed, 0, nowMillis);
      level = -1;
    } else if (level < 0 ? !hungryElsewhere : account.left() < level / 2) {
      ask = ask(committed, limit / MICRO, 0, nowMillis);
    } else if (nowNanos - saidNanos > SAY_NANOS) {
      ask = ask(committed, up(account.lent()), 0, nowMillis);
    }
    if (ask != null) {
      said = committed;
      saidNanos = nowNanos;
    }
    return ask;
  }

  private void noteWanted(long nowNanos) {
    long sum = account.takeWanted();
    long least = account.takeLeastWanted();
    if (sum > 0) {
      wanted += sum;
      need = need == 0 ? least : Math.min(need, least);
      wantedUntil = nowNanos + WANTED_NANOS;
    }
    if (need > 0 && account.left() >= need) {
      keepUntil = nowNanos + EARMARK_NANOS;
      forgetWanted();
    } else if (need > 0 && nowNanos - wantedUntil > 0) {
      forgetWanted();
    }
  }

  private void forgetWanted() {
    need = 0;
    wanted = 0;
  }

  /// The whole lease, for a store that does not know of it.
  Ask publish(long nowMillis) {
    withdraw();
    long lent = up(account.lent());
    return new Ask(
        key, limit / MICRO, Math.max(lent, committed()), committed(), lent, 0, ttl(nowMillis));
  }

  /// Gives back what is neither spent nor held.
  Ask giveBack(long nowMillis) {
    withdraw();
    account.takeBack(Long.MAX_VALUE);
    return ask(committed(), committed(), 0, nowMillis);
  }

  private Ask ask(long committed, long want, long least, long nowMillis) {
    return new Ask(
        key, limit / MICRO, committed, committed, Math.max(want, committed), least, ttl(nowMillis));
  }

  private long ttl(long nowMillis) {
    return account.endMillis() - nowMillis + KEPT_MILLIS;
  }

  /// Spent and held; rounded up, as all that is said is to the store's disadvantage of none.
  private long committed() {
    return up(account.committed());
  }

  private static long up(long nanoUsd) {
    return Math.ceilDiv(Math.max(0, nanoUsd), MICRO);
  }

  /// What the store answered.
  void told(Told told, long nowNanos) {
    long more = lease(told) - account.lent();
    if (more > 0) {
      account.lend(more);
      level = account.left();
      if (need > 0 && level >= need) {
        keepUntil = nowNanos + EARMARK_NANOS;
        forgetWanted();
      }
    } else if (more < 0) {
      account.takeBack(-more);
    }
    account.reach(limit - told.committedElsewhere() * MICRO);
    hungryElsewhere = told.hungry() > 0;
  }

  /// One that covers no more than what is committed was rounded up, which is not to be spent.
  private long lease(Told told) {
    long lease = told.lease() * MICRO;
    return told.lease() == said
        ? Math.min(lease, Math.max(account.lent(), account.committed()))
        : lease;
  }

  /// The store is away: lends what may be spent without it.
  void away() {
    if (beyond == 0 && soft > 0) {
      beyond = soft;
      account.lend(soft);
    }
  }

  /// The store is back.
  void withdraw() {
    if (beyond > 0) {
      account.takeBack(beyond);
      beyond = 0;
    }
  }

  /// This proxy has no lease any more.
  void revoke() {
    account.takeBack(Long.MAX_VALUE);
  }
}
