package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.budget.Account;
import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.budget.Lender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A budget and its leases: of the period under way, and of the next shortly before that begins.
final class SharedBudget implements Lender {
  private static final int EARLY_SECONDS = 10;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Budget budget;
  private final long soft;
  private final Syncer syncer;
  private final List<Loan> loans = new ArrayList<>(2);
  private volatile boolean used;
  private volatile boolean listed;
  private long usedNanos;

  SharedBudget(Budget budget, long soft, Syncer syncer) {
    this.budget = budget;
    this.soft = soft;
    this.syncer = syncer;
  }

  @Override
  public void used() {
    if (!used) {
      used = true;
      if (!listed) {
        syncer.list(this);
      }
    }
  }

  @Override
  public void wake() {
    syncer.wake();
  }

  /// The syncer: whether it has this one on its list.
  void listed(boolean is, long nowNanos) {
    listed = is;
    usedNanos = nowNanos;
  }

  /// The syncer: whether nobody has asked anything of it for long.
  boolean isIdle(long nowNanos) {
    if (used) {
      used = false;
      usedNanos = nowNanos;
    }
    return nowNanos - usedNanos > IDLE_NANOS;
  }

  /// The syncer: the leases of the periods that matter now.
  List<Loan> loans(long nowNanos, long nowMillis) {
    loans.removeIf(loan -> loan.account().endMillis() <= nowMillis);
    need(budget.account(nowMillis), nowNanos);
    Account next = budget.upcoming(nowMillis, EARLY_SECONDS);
    if (next != null) {
      need(next, nowNanos);
    }
    return loans;
  }

  private void need(Account account, long nowNanos) {
    if (find(account) == null) {
      String key =
          "budget:"
              + budget.owner()
              + ":"
              + budget.period().adjective()
              + ":"
              + account.startMillis();
      loans.add(new Loan(account, key, budget.limit(), soft, nowNanos));
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same account, not an equal one
  private @Nullable Loan find(Account account) {
    for (Loan loan : loans) {
      if (loan.account() == account) {
        return loan;
      }
    }
    return null;
  }
}
