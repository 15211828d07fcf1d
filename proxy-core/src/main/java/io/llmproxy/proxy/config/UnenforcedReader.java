package io.llmproxy.proxy.config;

import java.util.regex.Pattern;

/// Reads and checks what this version does not act on yet, and says so with one warning each. What
/// would leave the proxy open when ignored is refused instead.
final class UnenforcedReader {
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Syntax<Integer> MANY = Scalars.count(1, 1_000_000_000);
  private static final Syntax<String> REDACTION =
      new Syntax<>(
          "a kind of data, such as email, phone or card",
          text -> WORD.matcher(text).matches() ? text : null);
  private static final Syntax<String> REDIS =
      new Syntax<>(
          "redis:// or rediss:// and a host",
          text -> text.matches("rediss?://[^/\\s].*") ? text : null);

  private UnenforcedReader() {}

  static void root(YamlSection root) {
    YamlValue keys = root.get("keys");
    if (keys != null) {
      keys.keyProblem("not supported by this version, and without them the proxy stands open");
    }
    rateLimits(root);
    costBudget(root);
    retry(root);
    ledger(root);
    cluster(root);
    root.notEnforced("rate_limits", "cost_budget", "retry", "ledger", "cluster");
  }

  static void provider(YamlSection provider) {
    rateLimits(provider);
    TimeoutsReader.check(provider);
    String onDisconnect = provider.read("on_disconnect", Syntax.word("cancel", "drain"), "cancel");
    provider.notEnforced("rate_limits", "timeouts");
    if (onDisconnect.equals("drain")) {
      provider.notEnforced("on_disconnect");
    }
  }

  static void route(YamlSection route) {
    retry(route);
    TimeoutsReader.check(route);
    YamlSection hedge = route.section("hedge", "after", "max_extra");
    if (hedge != null) {
      hedge.check(Scalars.DURATION, "after");
      hedge.check(Scalars.count(0, 10), "max_extra");
    }
    String resume = route.read("resume", Syntax.word("off", "agreed_prefix", "prefill"), "off");
    route.notEnforced("hedge", "retry", "timeouts");
    if (!resume.equals("off")) {
      route.notEnforced("resume");
    }
  }

  /// Of `logging`. Content may be logged in full only as the user asked: redacted.
  static void logging(YamlSection logging, boolean full) {
    for (YamlValue kind : logging.items("redact")) {
      kind.read(REDACTION);
    }
    YamlValue redact = logging.get("redact");
    if (redact != null && full) {
      redact.keyProblem(
          "not supported by this version, and with requests: full content would be logged as it is");
    } else {
      logging.notEnforced("redact");
    }
    YamlValue rotate = logging.get("rotate");
    if (rotate != null && rotate.isMapping()) {
      YamlSection section = rotate.section("size", "every", "keep");
      section.check(Scalars.size(1 << 10, Integer.MAX_VALUE), "size");
      section.check(Scalars.DURATION, "every");
      section.check(MANY, "keep");
    } else if (rotate != null) {
      rotate.read(Scalars.TEXT);
    }
    logging.notEnforced("rotate");
  }

  private static void rateLimits(YamlSection parent) {
    YamlSection limits =
        parent.section(
            "rate_limits",
            "requests_per_minute",
            "tokens_per_minute",
            "concurrent_requests",
            "per_ip",
            "per_key",
            "total");
    if (limits == null) {
      return;
    }
    rates(limits);
    for (String scope : new String[] {"per_ip", "per_key", "total"}) {
      YamlSection section =
          limits.section(scope, "requests_per_minute", "tokens_per_minute", "concurrent_requests");
      if (section != null) {
        rates(section);
      }
    }
  }

  private static void rates(YamlSection section) {
    section.check(MANY, "requests_per_minute", "tokens_per_minute", "concurrent_requests");
  }

  private static void costBudget(YamlSection root) {
    YamlSection budget =
        root.section("cost_budget", "hourly_limit", "daily_limit", "monthly_limit", "on_unpriced");
    if (budget != null) {
      budget.check(Scalars.DOLLARS, "hourly_limit", "daily_limit", "monthly_limit");
      budget.check(Syntax.word("refuse", "charge_ceiling", "allow"), "on_unpriced");
    }
  }

  private static void retry(YamlSection parent) {
    YamlSection retry =
        parent.section("retry", "max_attempts", "base_delay", "max_delay", "budget_percent");
    if (retry != null) {
      retry.check(Scalars.count(1, 100), "max_attempts");
      retry.check(Scalars.DURATION_OR_ZERO, "base_delay", "max_delay");
      retry.check(Scalars.count(0, 100), "budget_percent");
    }
  }

  private static void ledger(YamlSection root) {
    YamlSection ledger = root.section("ledger", "dir", "durability");
    if (ledger != null) {
      ledger.check(Scalars.TEXT, "dir");
      ledger.check(Syntax.word("strict", "batched"), "durability");
    }
  }

  private static void cluster(YamlSection root) {
    YamlSection cluster = root.section("cluster", "redis");
    YamlValue redis = cluster == null ? null : cluster.get("redis");
    String url = redis == null ? null : redis.text();
    if (redis != null && url != null && REDIS.read(url) == null) {
      redis.problem("expected: " + REDIS.expected() + " (its value is not shown)");
    }
  }
}
