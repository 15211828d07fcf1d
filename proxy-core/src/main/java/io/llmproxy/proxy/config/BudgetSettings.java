package io.llmproxy.proxy.config;

/// How much money may be spent somewhere in each hour, day and month of UTC, in nano-dollars;
/// [#UNLIMITED] where there is no limit.
///
/// @param soft how far beyond its lease each of many proxies may go in each period while the store
///   that they share is away
public record BudgetSettings(long hourly, long daily, long monthly, long soft) {

  /// No limit.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// No limit at all.
  public static final BudgetSettings NONE = new BudgetSettings(UNLIMITED, UNLIMITED, UNLIMITED);

  /// Not passed by anyone.
  public BudgetSettings(long hourly, long daily, long monthly) {
    this(hourly, daily, monthly, 0);
  }
}
