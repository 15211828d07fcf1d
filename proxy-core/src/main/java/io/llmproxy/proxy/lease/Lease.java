package io.llmproxy.proxy.lease;

import java.util.concurrent.atomic.AtomicLong;

/// What one proxy may use of something that is limited, and what it has committed of that: money,
/// requests or tokens. Used by any thread, without a lock; only the lender lends and takes back.
public class Lease {

  /// Of what is lent, less what is used and held; below 0 where more was used than was held.
  private final AtomicLong left;

  private final AtomicLong wanted = new AtomicLong();
  private final AtomicLong leastWanted = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lent;
  private volatile long reachable;

  /// @param lent what may be used, what is `committed` already among it
  /// @param reachable what this proxy may come to hold in the end
  public Lease(long lent, long committed, long reachable) {
    this.lent = new AtomicLong(lent);
    this.left = new AtomicLong(lent - committed);
    this.reachable = reachable;
  }

  /// Held, and used up for good.
  public long committed() {
    return lent.get() - left.get();
  }

  /// Corrects what is committed: by what a request came to less than was held, mostly.
  public void correct(long units) {
    left.getAndAdd(-units);
  }

  /// Holds so much; false, and nothing is held, where that is more than is left.
  public boolean hold(long units) {
    while (true) {
      long seen = left.get();
      if (units > seen) {
        return false;
      }
      if (left.compareAndSet(seen, seen - units)) {
        return true;
      }
    }
  }

  /// What may be held now; not negative.
  public long left() {
    return Math.max(0, left.get());
  }

  /// What may be held now or, as far as is known, once the lender has lent more.
  public long withinReach() {
    return Math.max(left(), reachable - committed());
  }

  /// What may be used, held and used already among it.
  public long lent() {
    return lent.get();
  }

  /// The lender: so much more may be used.
  public void lend(long units) {
    lent.getAndAdd(units);
    left.getAndAdd(units);
  }

  /// The lender: takes back what is neither used nor held, `most` at most; gives how much.
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
  public void reach(long units) {
    reachable = units;
  }

  /// A request needed so much and was refused for want of it.
  public void want(long units) {
    wanted.getAndAdd(units);
    leastWanted.accumulateAndGet(units, Math::min);
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
