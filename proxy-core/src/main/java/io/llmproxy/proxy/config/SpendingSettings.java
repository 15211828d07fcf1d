package io.llmproxy.proxy.config;

/// What may be spent through the whole proxy.
///
/// @param onUnpriced what becomes of a request to a model whose price is not known
public record SpendingSettings(BudgetSettings budget, OnUnpriced onUnpriced) {

  /// What becomes of a request whose cost cannot be known.
  public enum OnUnpriced {
    /// It is refused where a budget applies, which could not be kept.
    REFUSE,
    /// It is charged as the dearest model of the table would be.
    CHARGE_CEILING,
    /// It is let through, its cost reported as unknown.
    ALLOW
  }
}
