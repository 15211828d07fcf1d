package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.limit.Refusal;

/// Why a request may not go now.
public sealed interface Denial extends Decision {

  /// It is over a limit.
  ///
  /// @param isCallers whether the limit is not the target's, so that no other target would do
  record Limited(Refusal refusal, boolean isCallers) implements Denial {}

  /// It may cost more than is left of a budget.
  ///
  /// @param nanoUsd what it may cost
  /// @param left what was left
  /// @param endMillis when the budget begins anew, Unix time
  record OverBudget(Budget budget, long nanoUsd, long left, long endMillis) implements Denial {}

  /// This proxy's share of a budget is used up; more of it is being fetched.
  record ShareUsed(Budget budget) implements Denial {}

  /// A budget applies, and nobody knows what the model costs.
  record Unpriced(String provider, String model) implements Denial {}

  /// The ledger cannot take a record now.
  record Unrecorded() implements Denial {}
}
