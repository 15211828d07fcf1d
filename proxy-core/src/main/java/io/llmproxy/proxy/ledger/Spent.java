package io.llmproxy.proxy.ledger;

import java.util.Map;

/// What was spent in periods not yet over, by scope: what budgets begin with.
public record Spent(Map<String, Amounts> byKey, Map<String, Amounts> byProvider, Amounts total) {

  /// Nothing.
  public static final Spent NONE = new Spent(Map.of(), Map.of(), Amounts.NONE);
}
