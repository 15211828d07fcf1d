package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.SpendingSettings.OnUnpriced;
import org.jspecify.annotations.Nullable;

/// Reads `rate_limits` and `cost_budget`, wherever they stand.
final class AllowanceReader {
  private static final Syntax<Integer> MANY = Scalars.count(1, 1_000_000_000);
  private static final Syntax<OnUnpriced> ON_UNPRICED =
      Syntax.oneOf(OnUnpriced.REFUSE, OnUnpriced.CHARGE_CEILING, OnUnpriced.ALLOW);

  private AllowanceReader() {}

  /// The limits of the callers.
  static LimitSettings limits(YamlSection root) {
    YamlSection section =
        root.section(
            "rate_limits",
            "requests_per_minute",
            "tokens_per_minute",
            "concurrent_requests",
            "per_ip",
            "per_key",
            "total");
    if (section == null) {
      return LimitSettings.NONE;
    }
    RateSettings each = readRates(section);
    return new LimitSettings(
        rates(section, "per_ip").or(each),
        rates(section, "per_key").or(each),
        rates(section, "total"));
  }

  /// `rate_limits` of a provider, a model or a key.
  static RateSettings rates(YamlSection parent) {
    return rates(parent, "rate_limits");
  }

  private static RateSettings rates(YamlSection parent, String key) {
    @Nullable YamlSection section =
        parent.section(key, "requests_per_minute", "tokens_per_minute", "concurrent_requests");
    return section == null ? RateSettings.NONE : readRates(section);
  }

  private static RateSettings readRates(YamlSection section) {
    return new RateSettings(
        section.read("requests_per_minute", MANY, 0),
        section.read("tokens_per_minute", MANY, 0),
        section.read("concurrent_requests", MANY, 0));
  }

  /// `cost_budget` of the whole proxy.
  static SpendingSettings spending(YamlSection root) {
    YamlSection section =
        root.section(
            "cost_budget",
            "hourly_limit",
            "daily_limit",
            "monthly_limit",
            "soft_limit",
            "on_unpriced");
    return section == null
        ? new SpendingSettings(BudgetSettings.NONE, OnUnpriced.REFUSE)
        : new SpendingSettings(
            readBudget(section), section.read("on_unpriced", ON_UNPRICED, OnUnpriced.REFUSE));
  }

  /// `cost_budget` of a provider or a key.
  static BudgetSettings budget(YamlSection parent) {
    YamlSection section =
        parent.section("cost_budget", "hourly_limit", "daily_limit", "monthly_limit", "soft_limit");
    return section == null ? BudgetSettings.NONE : readBudget(section);
  }

  private static BudgetSettings readBudget(YamlSection section) {
    return new BudgetSettings(
        section.read("hourly_limit", Scalars.DOLLARS, BudgetSettings.UNLIMITED),
        section.read("daily_limit", Scalars.DOLLARS, BudgetSettings.UNLIMITED),
        section.read("monthly_limit", Scalars.DOLLARS, BudgetSettings.UNLIMITED),
        section.read("soft_limit", Scalars.DOLLARS, 0L));
  }
}
