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

  private UnenforcedReader() {}

  static void root(YamlSection root) {
    YamlValue keys = root.get("keys");
    if (keys != null) {
      keys.keyProblem("not supported by this version, and without them the proxy stands open");
    }
    rateLimits(root);
    costBudget(root);
    ledger(root);
    YamlValue cluster = root.get("cluster");
    if (cluster != null) {
      cluster.keyProblem("not supported by this version, and without it each proxy counts alone");
    }
    root.notEnforced("rate_limits", "cost_budget", "ledger");
  }

  static void provider(YamlSection provider) {
    rateLimits(provider);
    provider.notEnforced("rate_limits");
  }

  static void logging(YamlSection logging, boolean full) {
    YamlValue requests = logging.get("requests");
    if (requests != null && full) {
      requests.warn("full: read, not enforced by this version: metadata is written");
    }
    for (YamlValue kind : logging.items("redact")) {
      kind.read(REDACTION);
    }
    logging.notEnforced("redact");
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

  private static void ledger(YamlSection root) {
    YamlSection ledger = root.section("ledger", "dir", "durability");
    if (ledger != null) {
      ledger.check(Scalars.TEXT, "dir");
      ledger.check(Syntax.word("strict", "batched"), "durability");
    }
  }
}
