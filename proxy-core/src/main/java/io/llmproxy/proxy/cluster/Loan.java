package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.lease.Lease;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One lease, as the thread that syncs sees it.
///
/// An amount is given back here before the store is told, and lent here after the store has said
/// so: what all proxies may use is never more than the limit, whatever gets lost between them.
final class Loan {

  /// A caller that was refused comes back within so long, if at all; until then what was got for it
  /// is kept.
  private static final long EARMARK_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Terms terms;
  private final Lease lease;
  private final Unaided unaided;
  private Standing standing = Standing.FRESH;

  /// What was committed when the store heard of this lease first: of a rate, which goes on for
  /// ever, the store knows what came after it.
  private long base;

  private long wanted;
  private long need;
  private long wantedUntil;
  private long keepUntil;
  private long level = -1;
  private long said = -1;
  private long saidNanos;
  private long standby;
  private boolean hungryElsewhere;

  Loan(Terms terms, Lease lease, long nowNanos) {
    this.terms = terms;
    this.lease = lease;
    this.unaided = new Unaided(terms, lease);
    this.keepUntil = nowNanos;
    this.wantedUntil = nowNanos;
    this.saidNanos = nowNanos;
  }

  Lease lease() {
    return lease;
  }

  Unaided unaided() {
    return unaided;
  }

  /// Lends what may be used before the store was heard.
  void lendStandby(int proxies) {
    standby = terms.standby(proxies);
    lease.lend(standby);
  }

  /// What to say to the store now, null for nothing.
  ///
  /// @param sayNanos after how long it is told again what it knows
  @Nullable Ask ask(long nowNanos, long nowMillis, long sayNanos) {
    unaided.withdraw();
    noteWanted(nowNanos);
    long committed = committed();
    Ask ask = null;
    if (need > 0) {
      lease.takeBack(Long.MAX_VALUE);
      committed = committed();
      ask = ask(committed, committed + up(Math.max(wanted, need)), up(need), nowMillis);
    } else if (hungryElsewhere && nowNanos - keepUntil > 0) {
      lease.takeBack(Long.MAX_VALUE);
      committed = committed();
      ask = ask(committed, committed, 0, nowMillis);
      level = -1;
    } else if (level < 0 ? !hungryElsewhere : lease.left() < level / 2) {
      ask = ask(committed, most(committed), 0, nowMillis);
    } else if (nowNanos - saidNanos > sayNanos) {
      ask = ask(committed, up(lease.lent() - base), 0, nowMillis);
    }
    if (ask != null) {
      said = committed;
      saidNanos = nowNanos;
    }
    return ask;
  }

  /// As much as there can ever be.
  private long most(long committed) {
    return terms.limit() / terms.kind().unit() + (terms.kind() == Kind.RATE ? committed : 0);
  }

  private void noteWanted(long nowNanos) {
    long sum = lease.takeWanted();
    long least = lease.takeLeastWanted();
    if (sum > 0) {
      wanted += sum;
      need = need == 0 ? least : Math.min(need, least);
      wantedUntil = nowNanos + WANTED_NANOS;
    }
    if (need > 0 && lease.left() >= need) {
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
    unaided.withdraw();
    if (standing == Standing.KNOWN) {
      standing = Standing.PUBLISHED;
    }
    if (terms.kind() == Kind.RATE && standing == Standing.PUBLISHED) {
      base = lease.committed();
    }
    long committed = committed();
    long floor =
        standing == Standing.FRESH ? committed : Math.max(up(lease.lent() - base), committed);
    return said(standing, floor, floor, 0, nowMillis);
  }

  /// Gives back what is neither used nor held.
  Ask giveBack(long nowMillis) {
    unaided.withdraw();
    lease.takeBack(Long.MAX_VALUE);
    long committed = committed();
    boolean over = terms.kind() != Kind.BUDGET;
    return said(over ? Standing.LEAVING : standing, committed, committed, 0, nowMillis);
  }

  /// After it was given back: what may be used until the store is asked again.
  void begin(int proxies) {
    if (terms.kind() != Kind.BUDGET) {
      standing = Standing.FRESH;
      base = terms.kind() == Kind.RATE ? lease.committed() : 0;
      level = -1;
      hungryElsewhere = false;
      lendStandby(proxies);
    }
  }

  private Ask ask(long committed, long want, long least, long nowMillis) {
    return said(standing, committed, Math.max(want, committed), least, nowMillis);
  }

  private Ask said(Standing as, long floor, long want, long least, long nowMillis) {
    return new Ask(
        terms, as, floor, committed(), want, least, up(standby), terms.ttlMillis(nowMillis));
  }

  /// Used and held; rounded up, as all that is said is to the store's disadvantage of none.
  private long committed() {
    return up(lease.committed() - base);
  }

  private long up(long units) {
    return Math.ceilDiv(Math.max(0, units), terms.kind().unit());
  }

  /// What the store answered.
  ///
  /// @param learning whether the store lends nothing to anybody yet: the standby stays meanwhile
  void told(Told told, boolean learning, long nowNanos) {
    if (told.lease() == Told.LOST) {
      lost();
      return;
    }
    standing = Standing.KNOWN;
    long more = leased(told) - lease.lent();
    if (more > 0) {
      // The store lends only where all of it is within the limit.
      unaided.absolve();
      lease.lend(more);
      level = lease.left();
      if (need > 0 && level >= need) {
        keepUntil = nowNanos + EARMARK_NANOS;
        forgetWanted();
      }
    } else if (more < 0 && !(learning && terms.kind() != Kind.BUDGET)) {
      lease.takeBack(-more);
    }
    long elsewhere = told.elsewhere() * terms.kind().unit();
    lease.reach(
        terms.kind() == Kind.RATE ? base + told.lease() + elsewhere : terms.limit() - elsewhere);
    hungryElsewhere = told.hungry() > 0;
  }

  /// One that covers no more than what is committed was rounded up, which is not to be used.
  private long leased(Told told) {
    long units = base + told.lease() * terms.kind().unit();
    return told.lease() == said && terms.kind().unit() > 1
        ? Math.min(units, Math.max(lease.lent(), lease.committed()))
        : units;
  }

  /// The store has not heard of this proxy for so long that others have what it had.
  private void lost() {
    lease.takeBack(Long.MAX_VALUE);
    standing = Standing.FRESH;
    base = terms.kind() == Kind.RATE ? lease.committed() : 0;
    level = -1;
  }

  /// This proxy has no lease any more.
  void revoke() {
    lease.takeBack(Long.MAX_VALUE);
  }
}
