package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.budget.Account;
import io.llmproxy.proxy.budget.Budget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An amount that is held in every budget that applies to an attempt, or in none. Used again for
/// other attempts; belongs to one event loop.
final class Hold {

  /// A key's, a provider's and all callers' budgets of an hour, a day and a month.
  private static final int MOST = 9;

  private final Budget[] budgets = new Budget[MOST];
  private final @Nullable Account[] accounts = new @Nullable Account[MOST];
  private int count;
  private long nanoUsd;

  /// Looks at the accounts under way of the budgets of three places.
  void look(List<Budget> one, List<Budget> other, List<Budget> third, long nowMillis) {
    count = 0;
    nanoUsd = 0;
    add(one, nowMillis);
    add(other, nowMillis);
    add(third, nowMillis);
  }

  private void add(List<Budget> more, long nowMillis) {
    for (int i = 0; i < more.size(); i++) {
      budgets[count] = more.get(i);
      accounts[count++] = more.get(i).account(nowMillis);
    }
  }

  /// Whether any budget applies.
  boolean applies() {
    return count > 0;
  }

  /// Nano-dollars held.
  long nanoUsd() {
    return nanoUsd;
  }

  /// What is left of the budget that has the least left; [Long#MAX_VALUE] where none applies.
  long left() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, budgets[i].left(account(i)));
    }
    return least;
  }

  /// Holds `more` in all budgets.
  ///
  /// @return null where it is held; else what it is too much for, and nothing more is held anywhere
  @Nullable Denial take(long more) {
    for (int i = 0; i < count; i++) {
      Account account = account(i);
      if (!budgets[i].hold(account, more)) {
        Denial denial = denial(budgets[i], account, more);
        for (int j = 0; j < i; j++) {
          account(j).correct(-more);
        }
        return denial;
      }
    }
    nanoUsd += more;
    return null;
  }

  private static Denial denial(Budget budget, Account account, long more) {
    return budget.isOnItsWay(account, more)
        ? new Denial.ShareUsed(budget)
        : new Denial.OverBudget(budget, more, budget.left(account), account.endMillis());
  }

  /// What was held came to `spent` nano-dollars, be it more or less.
  void settle(long spent) {
    for (int i = 0; i < count; i++) {
      account(i).correct(spent - nanoUsd);
      accounts[i] = null;
    }
    count = 0;
    nanoUsd = 0;
  }

  private Account account(int i) {
    Account account = accounts[i];
    if (account == null) {
      throw new IllegalStateException("settled before");
    }
    return account;
  }
}
