package io.llmproxy.proxy.budget;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/// How long a budget lasts before it begins anew; all begin with UTC's.
public enum Period {
  HOUR("hourly", ChronoUnit.HOURS),
  DAY("daily", ChronoUnit.DAYS),
  MONTH("monthly", ChronoUnit.MONTHS);

  private final String adjective;
  private final ChronoUnit unit;

  Period(String adjective, ChronoUnit unit) {
    this.adjective = adjective;
    this.unit = unit;
  }

  /// For messages.
  public String adjective() {
    return adjective;
  }

  /// When the period began in which `millis`, Unix time, is.
  public long startOf(long millis) {
    ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
    ZonedDateTime start =
        this == MONTH
            ? time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1)
            : time.truncatedTo(unit);
    return start.toInstant().toEpochMilli();
  }

  /// When the period ends that began at `startMillis`.
  long endOf(long startMillis) {
    return Instant.ofEpochMilli(startMillis)
        .atZone(ZoneOffset.UTC)
        .plus(1, unit)
        .toInstant()
        .toEpochMilli();
  }
}
