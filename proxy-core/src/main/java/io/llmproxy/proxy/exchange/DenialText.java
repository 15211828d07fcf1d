package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.admission.Denial;
import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.limit.Refusal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Says to a caller why its request may not go now, and when it may.
final class DenialText {

  private static final int UNKNOWN_WAIT_MILLIS = 1_000;

  private DenialText() {}

  static Failure failure(Denial denial) {
    return switch (denial) {
      case Denial.Limited limited -> limited(limited.refusal());
      case Denial.OverBudget over -> overBudget(over);
      case Denial.ShareUsed(Budget budget) -> shareUsed(budget);
      case Denial.Unpriced(String provider, String model) -> unpriced(provider, model);
      case Denial.Unrecorded _ ->
          new Failure(
              FailureKind.LEDGER_UNAVAILABLE,
              "the ledger cannot take a record now, and nothing is spent without one",
              null,
              UNKNOWN_WAIT_MILLIS,
              false);
    };
  }

  private static Failure limited(Refusal refusal) {
    String limit =
        "limit of "
            + refusal.most()
            + " "
            + refusal.limit().text()
            + " of "
            + Printable.of(refusal.scope().name());
    if (refusal.waitNanos() == Refusal.NEVER) {
      return new Failure(
          FailureKind.RATE_LIMITED,
          "the request needs about " + refusal.wanted() + ", more than the " + limit,
          null,
          -1,
          true);
    }
    long millis =
        refusal.waitNanos() == Refusal.UNKNOWN
            ? UNKNOWN_WAIT_MILLIS
            : Math.ceilDiv(refusal.waitNanos(), TimeUnit.MILLISECONDS.toNanos(1));
    return new Failure(
        FailureKind.RATE_LIMITED,
        "the " + limit + " is reached; try again in " + Math.ceilDiv(millis, 1000L) + " s",
        null,
        millis,
        false);
  }

  private static Failure overBudget(Denial.OverBudget over) {
    return new Failure(
        FailureKind.BUDGET_SPENT,
        "the "
            + over.budget().period().adjective()
            + " budget of "
            + Printable.of(over.budget().owner())
            + " has $"
            + dollars(over.left())
            + " of $"
            + dollars(over.budget().limit())
            + " left, and the request may cost $"
            + dollars(over.nanoUsd())
            + "; it begins anew at "
            + Instant.ofEpochMilli(over.endMillis()),
        null,
        -1,
        true);
  }

  private static Failure shareUsed(Budget budget) {
    return new Failure(
        FailureKind.RATE_LIMITED,
        "this proxy's share of the "
            + budget.period().adjective()
            + " budget of "
            + Printable.of(budget.owner())
            + " is used up, and more of it is being fetched; try again in 1 s",
        null,
        UNKNOWN_WAIT_MILLIS,
        false);
  }

  private static Failure unpriced(String provider, String model) {
    return new Failure(
        FailureKind.PRICE_UNKNOWN,
        "nobody has told what "
            + Printable.of(provider + "/" + model)
            + " costs, so that the budget could not be kept (give it a price, or set"
            + " cost_budget.on_unpriced)",
        "model",
        -1,
        true);
  }

  private static String dollars(long nanoUsd) {
    BigDecimal dollars = BigDecimal.valueOf(nanoUsd, 9).stripTrailingZeros();
    return dollars.setScale(Math.max(2, dollars.scale())).toPlainString();
  }
}
