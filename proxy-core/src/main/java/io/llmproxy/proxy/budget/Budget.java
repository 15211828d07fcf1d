package io.llmproxy.proxy.budget;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What may be spent in one place in each of one kind of period, in nano-dollars. Used by any
/// thread, without a lock.
///
/// What is held for a request counts as spent until it is known what the request came to; that is
/// then noted in the period in which it was held.
public final class Budget {

  /// What is spent and held in one period.
  public static final class Account {
    private final long endMillis;
    private final AtomicLong committed;

    Account(long endMillis, long committed) {
      this.endMillis = endMillis;
      this.committed = new AtomicLong(committed);
    }

    /// Unix time.
    public long endMillis() {
      return endMillis;
    }

    /// Nano-dollars spent and held.
    public long committed() {
      return committed.get();
    }

    /// Corrects what is committed: by what a request cost less than was held, mostly.
    public void correct(long nanoUsd) {
      committed.getAndAdd(nanoUsd);
    }
  }

  private final String owner;
  private final Period period;
  private final long limit;
  private final AtomicReference<Account> current;

  /// @param owner for messages, such as `key alice`
  /// @param spent in the period that is under way now
  public Budget(String owner, Period period, long limit, long spent, long nowMillis) {
    this.owner = owner;
    this.period = period;
    this.limit = limit;
    this.current =
        new AtomicReference<>(new Account(period.endOf(period.startOf(nowMillis)), spent));
  }

  public String owner() {
    return owner;
  }

  public Period period() {
    return period;
  }

  /// Nano-dollars.
  public long limit() {
    return limit;
  }

  /// The account of the period under way.
  public Account account(long nowMillis) {
    while (true) {
      Account seen = current.get();
      if (nowMillis < seen.endMillis) {
        return seen;
      }
      Account next = new Account(period.endOf(period.startOf(nowMillis)), 0);
      if (current.compareAndSet(seen, next)) {
        return next;
      }
    }
  }

  /// What is left for others in `account`; not negative.
  public long left(Account account) {
    return Math.max(0, limit - account.committed.get());
  }

  /// Holds `nanoUsd` in `account`; false, and nothing is held, where that is more than is left.
  public boolean hold(Account account, long nanoUsd) {
    while (true) {
      long seen = account.committed.get();
      if (nanoUsd > limit - seen) {
        return false;
      }
      if (account.committed.compareAndSet(seen, seen + nanoUsd)) {
        return true;
      }
    }
  }
}
