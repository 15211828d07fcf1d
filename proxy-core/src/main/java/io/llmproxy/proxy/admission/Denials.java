package io.llmproxy.proxy.admission;

import java.util.concurrent.atomic.AtomicLongArray;

/// How often attempts of one event loop were not let in, by why: written by that loop's thread
/// alone, read by any.
public final class Denials {

  /// Why an attempt was not let in.
  public enum Reason {
    REQUESTS_PER_MINUTE,
    TOKENS_PER_MINUTE,
    CONCURRENT_REQUESTS,
    BUDGET,
    BUDGET_LEASE,
    UNPRICED,
    LEDGER
  }

  private final AtomicLongArray counts = new AtomicLongArray(Reason.values().length);

  void count(Denial denial) {
    int slot = reason(denial).ordinal();
    counts.setRelease(slot, counts.getPlain(slot) + 1);
  }

  private static Reason reason(Denial denial) {
    return switch (denial) {
      case Denial.Limited limited ->
          switch (limited.refusal().limit()) {
            case REQUESTS -> Reason.REQUESTS_PER_MINUTE;
            case TOKENS -> Reason.TOKENS_PER_MINUTE;
            case CONCURRENT_REQUESTS -> Reason.CONCURRENT_REQUESTS;
          };
      case Denial.OverBudget _ -> Reason.BUDGET;
      case Denial.ShareUsed _ -> Reason.BUDGET_LEASE;
      case Denial.Unpriced _ -> Reason.UNPRICED;
      case Denial.Unrecorded _ -> Reason.LEDGER;
    };
  }

  /// Any thread.
  public long count(Reason reason) {
    return counts.getAcquire(reason.ordinal());
  }
}
