package io.llmproxy.proxy.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads `retry`.
final class RetryReader {
  static final RetrySettings DEFAULTS =
      new RetrySettings(3, Duration.ofMillis(250), Duration.ofSeconds(2), 10);

  private RetryReader() {}

  /// @param defaults for keys that the section does not have
  static RetrySettings read(YamlSection parent, RetrySettings defaults) {
    @Nullable YamlSection section =
        parent.section("retry", "max_attempts", "base_delay", "max_delay", "budget_percent");
    if (section == null) {
      return defaults;
    }
    return new RetrySettings(
        section.read("max_attempts", Scalars.count(1, 100), defaults.maxAttempts()),
        section.read("base_delay", Scalars.DURATION_OR_ZERO, defaults.baseDelay()),
        section.read("max_delay", Scalars.DURATION_OR_ZERO, defaults.maxDelay()),
        section.read("budget_percent", Scalars.count(0, 100), defaults.budgetPercent()));
  }
}
