package io.llmproxy.proxy.budget;

import io.llmproxy.proxy.lease.Lender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What may be spent in one place in each of one kind of period, in nano-dollars. Used by any
/// thread, without a lock.
///
/// What is held for a request counts as spent until it is known what the request came to; that is
/// then noted in the period in which it was held.
///
/// One that is shared with other proxies has a lender: of such a one may be held what is lent.
public final class Budget {

  private final String owner;
  private final Period period;
  private final long limit;
  private final AtomicReference<Account> current;
  private final AtomicReference<@Nullable Account> next = new AtomicReference<>();
  private @Nullable Lender lender;

  /// @param owner for messages, such as `key alice`
  /// @param spent in the period that is under way now
  public Budget(String owner, Period period, long limit, long spent, long nowMillis) {
    this.owner = owner;
    this.period = period;
    this.limit = limit;
    long start = period.startOf(nowMillis);
    this.current = new AtomicReference<>(account(start, limit, spent));
  }

  /// From now on no more may be held than `lender` lends. To be called before anything is.
  public void shareBy(Lender lender) {
    this.lender = lender;
    Account own = current.get();
    long spent = own.committed();
    current.set(account(own.startMillis(), spent, spent));
  }

  private Account account(long start, long lent, long spent) {
    return new Account(start, period.endOf(start), lent, spent, limit);
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
      if (nowMillis < seen.endMillis()) {
        return seen;
      }
      Account made = next.get();
      boolean fits = made != null && nowMillis < made.endMillis();
      Account begun = fits && made != null ? made : begin(period.startOf(nowMillis));
      if (current.compareAndSet(seen, begun)) {
        return begun;
      }
    }
  }

  private Account begin(long start) {
    return account(start, lender == null ? limit : 0, 0);
  }

  /// The lender: the account of the next period, where that begins within so long; else null.
  public @Nullable Account upcoming(long nowMillis, long seconds) {
    Account now = account(nowMillis);
    if (now.endMillis() - nowMillis > TimeUnit.SECONDS.toMillis(seconds)) {
      return null;
    }
    Account made = next.get();
    if (made == null || made.startMillis() != now.endMillis()) {
      made = begin(now.endMillis());
      next.set(made);
    }
    return made;
  }

  /// What is left for others in `account`; not negative. Of a shared one what may be there for this
  /// proxy in the end.
  public long left(Account account) {
    return lender == null ? account.left() : account.withinReach();
  }

  /// Holds `nanoUsd` in `account`; false, and nothing is held, where that is more than is left, or
  /// more than is lent.
  public boolean hold(Account account, long nanoUsd) {
    boolean held = account.hold(nanoUsd);
    if (lender != null) {
      lender.used();
      if (!held && nanoUsd <= account.withinReach()) {
        account.want(nanoUsd);
        lender.wake();
      }
    }
    return held;
  }

  /// Whether `nanoUsd` that could not be held may be there soon.
  public boolean isOnItsWay(Account account, long nanoUsd) {
    return lender != null && nanoUsd <= account.withinReach();
  }
}
