package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.budget.Period;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.ledger.Amounts;
import io.llmproxy.proxy.ledger.Spent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes budgets that begin with what earlier runs have spent of them.
///
/// @param spent by those
/// @param cluster whom they are shared with, null for nobody
record Budgets(PeriodClock clock, Spent spent, @Nullable Cluster cluster) {

  List<Budget> ofKey(String name, BudgetSettings settings) {
    return of("key " + name, settings, spent.byKey().getOrDefault(name, Amounts.NONE));
  }

  List<Budget> ofProvider(String name, BudgetSettings settings) {
    return of("provider " + name, settings, spent.byProvider().getOrDefault(name, Amounts.NONE));
  }

  List<Budget> ofAll(BudgetSettings settings) {
    return of("all callers", settings, spent.total());
  }

  /// @param owner for messages, such as `key alice`
  private List<Budget> of(String owner, BudgetSettings settings, Amounts before) {
    List<Budget> made = new ArrayList<>(3);
    add(made, owner, Period.HOUR, settings.hourly(), before.hour());
    add(made, owner, Period.DAY, settings.daily(), before.day());
    add(made, owner, Period.MONTH, settings.monthly(), before.month());
    if (cluster != null) {
      made.forEach(budget -> cluster.share(budget, settings.soft()));
    }
    return List.copyOf(made);
  }

  private void add(List<Budget> made, String owner, Period period, long limit, long before) {
    if (limit != BudgetSettings.UNLIMITED) {
      made.add(new Budget(owner, period, limit, before, clock.millis()));
    }
  }
}
