package io.llmproxy.bench.micro;

import java.util.Locale;

/// Readings for people, beside the bounds they are held to.
final class MicroReport {
  /// An event costs less than this.
  static final double EVENT_NANOS = 1_000;

  /// What a stream costs once comes to less than this for each of its events; anything that is
  /// allocated for each of them comes to more.
  static final double EVENT_BYTES = 8;

  /// A body that goes on in its own dialect is as fast as this, in millions of bytes a second.
  static final double SPLICED_MEGABYTES = 500;

  private MicroReport() {}

  static String eventHead() {
    return line("%-22s %-10s %10s %8s %10s", "stream", "event", "ns/event", "±", "B/event");
  }

  static Measured event(ReplyPath path, EventKind kind, Reading reading) {
    boolean within = reading.nanos() < EVENT_NANOS && reading.allocatedBytes() < EVENT_BYTES;
    String text =
        line(
            "%-22s %-10s %10.0f %8.0f %10.1f%s",
            Named.name(path),
            Named.name(kind),
            reading.nanos(),
            reading.errorNanos(),
            reading.allocatedBytes(),
            mark(within));
    return new Measured(text, within);
  }

  static String bodyHead() {
    return line("%-22s %10s %10s %8s %12s", "request", "bytes", "MB/s", "±", "B/body");
  }

  /// `bytes` are those of the body.
  static Measured body(RequestPath path, int bytes, Reading reading) {
    double speed = reading.megabytesPerSecond(bytes);
    boolean within = !path.isSpliced() || speed >= SPLICED_MEGABYTES;
    String text =
        line(
            "%-22s %10d %10.0f %8.0f %12.0f%s",
            Named.name(path),
            bytes,
            speed,
            speed * reading.errorNanos() / reading.nanos(),
            reading.allocatedBytes(),
            mark(within));
    return new Measured(text, within);
  }

  static String bounds() {
    return line(
        "bounds: an event in less than %.0f ns with less than %.0f B of heap (a stream's own spread"
            + " over %d events);%na spliced body at %.0f MB/s",
        EVENT_NANOS, EVENT_BYTES, EventBench.EVENTS, SPLICED_MEGABYTES);
  }

  private static String mark(boolean within) {
    return within ? "" : "  MISSED";
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
