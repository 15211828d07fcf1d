package io.llmproxy.proxy.budget;

import java.util.concurrent.atomic.AtomicLong;

/// What one proxy may spend of a budget in one period, and what it has committed of that:
/// nano-dollars. Used by any thread, without a lock; only the budget's lender lends and takes back.
public final class Account {
  private final long startMillis;
  private final long endMillis;

  /// Of what is lent, less what is spent and held; below 0 where a request cost more than was held.
  private final AtomicLong left;

  private final AtomicLong wanted = new AtomicLong();
  private final AtomicLong leastWanted = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lent;
  private volatile long reachable;

  /// @param lent what may be spent, what is `committed` already among it
  /// @param reachable what this proxy may come to hold in the end
  Account(long startMillis, long endMillis, long lent, long committed, long reachable) {
    this.startMillis = startMillis;
    this.endMillis = endMillis;
    this.lent = new AtomicLong(lent);
    this.left = new AtomicLong(lent - committed);
    this.reachable = reachable;
  }

  /// Unix time.
  public long startMillis() {
    return startMillis;
  }

  /// Unix time.
  public long endMillis() {
    return endMillis;
  }

  /// Spent and held.
  public long committed() {
    return lent.get() - left.get();
  }

  /// Corrects what is committed: by what a request cost less than was held, mostly.
  public void correct(long nanoUsd) {
    left.getAndAdd(-nanoUsd);
  }

  boolean hold(long nanoUsd) {
    while (true) {
      long seen = left.get();
      if (nanoUsd > seen) {
        return false;
      }
      if (left.compareAndSet(seen, seen - nanoUsd)) {
        return true;
      }
    }
  }

  /// What may be held now; not negative.
  public long left() {
    return Math.max(0, left.get());
  }

  /// What may be held now or, as far as is known, once the lender has lent more.
  long withinReach() {
    return Math.max(left(), reachable - committed());
  }

  /// What may be spent, held and spent already among it.
  public long lent() {
    return lent.get();
  }

  /// The lender: so much more may be spent.
  public void lend(long nanoUsd) {
    lent.getAndAdd(nanoUsd);
    left.getAndAdd(nanoUsd);
  }

  /// The lender: takes back what is neither spent nor held, `most` at most; gives how much.
  public long takeBack(long most) {
    while (true) {
      long seen = left.get();
      long part = Math.clamp(seen, 0, most);
      if (left.compareAndSet(seen, seen - part)) {
        lent.getAndAdd(-part);
        return part;
      }
    }
  }

  /// The lender: as much as this proxy may come to hold.
  public void reach(long nanoUsd) {
    reachable = nanoUsd;
  }

  /// A request needed so much and was refused for want of it.
  void want(long nanoUsd) {
    wanted.getAndAdd(nanoUsd);
    leastWanted.accumulateAndGet(nanoUsd, Math::min);
  }

  /// The lender: the sum of what was wanted since it last asked.
  public long takeWanted() {
    return wanted.getAndSet(0);
  }

  /// The lender: the least of what was wanted since it last asked.
  public long takeLeastWanted() {
    return leastWanted.getAndSet(Long.MAX_VALUE);
  }
}
