package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Timeouts;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads `timeouts`. Models think long before they answer and may pause in an answer, so the
/// defaults are wide: a head within 5 minutes, a part every 2 minutes, all within 30 minutes.
final class TimeoutsReader {
  static final Timeouts DEFAULTS =
      new Timeouts(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMinutes(2),
          Duration.ofMinutes(30),
          0);
  private static final Syntax<Integer> RATE = Scalars.size(0, Integer.MAX_VALUE);

  private TimeoutsReader() {}

  /// What the section under `parent` changes in other timeouts: nothing where there is none.
  static UnaryOperator<Timeouts> read(YamlSection parent) {
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
    if (section == null) {
      return UnaryOperator.identity();
    }
    Duration connect = section.read("connect", Scalars.DURATION);
    Duration requestWrite = section.read("request_write", Scalars.DURATION);
    Duration responseHead = section.read("response_head", Scalars.DURATION);
    Duration firstEvent = section.read("first_event", Scalars.DURATION_OR_ZERO);
    Duration firstContent = section.read("first_content", Scalars.DURATION_OR_ZERO);
    Duration idle = section.read("idle", Scalars.DURATION);
    Duration total = section.read("total", Scalars.DURATION);
    Integer minRate = section.read("min_rate", RATE);
    return base ->
        new Timeouts(
            or(connect, base.connect()),
            or(requestWrite, base.requestWrite()),
            or(responseHead, base.responseHead()),
            or(firstEvent, base.firstEvent()),
            or(firstContent, base.firstContent()),
            or(idle, base.idle()),
            or(total, base.total()),
            minRate == null ? base.minRate() : minRate);
  }

  private static Duration or(@Nullable Duration given, Duration base) {
    return given == null ? base : given;
  }
}
