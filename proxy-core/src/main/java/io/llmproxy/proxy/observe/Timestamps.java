package io.llmproxy.proxy.observe;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Instants as the log writes them: UTC, always with milliseconds.
final class Timestamps {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Timestamps() {}

  static String iso(long unixMillis) {
    return FORMAT.format(Instant.ofEpochMilli(unixMillis));
  }
}
