package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.budget.Account;
import io.llmproxy.proxy.budget.Budget;
import java.util.ArrayList;
import java.util.List;

/// A budget and its leases: of the period under way, and of the next shortly before that begins.
final class SharedBudget extends Shared {
  private static final int EARLY_SECONDS = 10;

  private final Budget budget;
  private final long soft;
  private final List<Of> loans = new ArrayList<>(2);

  SharedBudget(Budget budget, long soft, Syncer syncer) {
    super(Kind.BUDGET, syncer);
    this.budget = budget;
    this.soft = soft;
  }

  /// The lease of one period.
  private record Of(Account account, Loan loan) {}

  @Override
  List<Loan> loans(long nowNanos, long nowMillis) {
    loans.removeIf(each -> each.account().endMillis() <= nowMillis);
    need(budget.account(nowMillis), nowNanos);
    Account next = budget.upcoming(nowMillis, EARLY_SECONDS);
    if (next != null) {
      need(next, nowNanos);
    }
    return loans.stream().map(Of::loan).toList();
  }

  @SuppressWarnings("ReferenceEquality") // the same account, not an equal one
  private void need(Account account, long nowNanos) {
    if (loans.stream().noneMatch(each -> each.account() == account)) {
      loans.add(new Of(account, new Loan(terms(account), account, nowNanos)));
    }
  }

  private Terms terms(Account account) {
    String key =
        "budget:"
            + budget.owner()
            + ":"
            + budget.period().adjective()
            + ":"
            + account.startMillis();
    return new Terms(Kind.BUDGET, key, budget.limit(), soft, 0, account.endMillis());
  }
}
