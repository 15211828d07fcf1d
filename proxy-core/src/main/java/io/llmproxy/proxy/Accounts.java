package io.llmproxy.proxy;

import io.llmproxy.proxy.admission.Admission;
import io.llmproxy.proxy.admission.Allowances;
import io.llmproxy.proxy.admission.Denials.Reason;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.ledger.Ledger;
import io.llmproxy.proxy.ledger.LedgerState;
import io.llmproxy.proxy.ledger.Written;
import io.llmproxy.proxy.observe.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is told of limits, budgets and the ledger to whoever asks for metrics. Any thread.
///
/// @param admissions one for each event loop
record Accounts(
    List<Admission> admissions,
    Allowances allowances,
    @Nullable Ledger ledger,
    @Nullable Cluster cluster) {

  Standing now() {
    return new Standing(
        denials(), budgets(), ofLedger(), cluster == null ? null : cluster.isConnected());
  }

  private List<Standing.Denied> denials() {
    List<Standing.Denied> denials = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      long count = admissions.stream().mapToLong(each -> each.denials().count(reason)).sum();
      denials.add(new Standing.Denied(reason.name().toLowerCase(Locale.ROOT), count));
    }
    return denials;
  }

  private List<Standing.Budget> budgets() {
    long now = allowances.nowMillis();
    return allowances
        .shown()
        .map(budget ->
            new Standing.Budget(
                budget.owner(),
                budget.period().name().toLowerCase(Locale.ROOT),
                budget.limit(),
                budget.account(now).committed()))
        .toList();
  }

  private Standing.@Nullable Ledger ofLedger() {
    if (ledger == null) {
      return null;
    }
    Written written = ledger.written();
    return new Standing.Ledger(
        ledger.state() instanceof LedgerState.Good,
        written.records(),
        ledger.queued(),
        written.open(),
        written.commits(),
        written.commitNanos());
  }
}
