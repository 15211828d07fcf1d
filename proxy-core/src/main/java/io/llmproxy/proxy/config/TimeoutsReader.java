package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Reads `timeouts`. Models think long before they answer and may pause in an answer, so the
/// defaults are wide: a head within 5 minutes, a part every 2 minutes, all within 30 minutes.
final class TimeoutsReader {
  static final Timeouts DEFAULTS =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(30));
  private static final String[] UNENFORCED = {
    "request_write", "first_event", "first_content", "min_rate"
  };

  private TimeoutsReader() {}

  static Timeouts read(YamlSection root) {
    YamlSection section = section(root);
    if (section == null) {
      return DEFAULTS;
    }
    section.notEnforced(UNENFORCED);
    return new Timeouts(
        section.read("connect", Scalars.DURATION, DEFAULTS.connect()),
        section.read("response_head", Scalars.DURATION, DEFAULTS.responseHead()),
        section.read("idle", Scalars.DURATION, DEFAULTS.idle()),
        section.read("total", Scalars.DURATION, DEFAULTS.total()));
  }

  /// Checks the timeouts of a provider or a route without keeping them.
  static void check(YamlSection parent) {
    YamlSection section = section(parent);
    if (section != null) {
      section.check(Scalars.DURATION, "connect", "response_head", "idle", "total");
    }
  }

  private static @Nullable YamlSection section(YamlSection parent) {
    YamlSection section =
        parent.section(
            "timeouts",
            "connect",
            "request_write",
            "response_head",
            "first_event",
            "first_content",
            "idle",
            "total",
            "min_rate");
    if (section != null) {
      section.check(Scalars.DURATION, "request_write", "first_event", "first_content");
      section.check(Scalars.size(0, Integer.MAX_VALUE), "min_rate");
    }
    return section;
  }
}
