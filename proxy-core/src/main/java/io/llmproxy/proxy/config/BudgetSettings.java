package io.llmproxy.proxy.config;

/// How much money may be spent somewhere in each hour, day and month of UTC, in nano-dollars;
/// [#UNLIMITED] where there is no limit.
public record BudgetSettings(long hourly, long daily, long monthly) {

  /// No limit.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// No limit at all.
  public static final BudgetSettings NONE = new BudgetSettings(UNLIMITED, UNLIMITED, UNLIMITED);
}
