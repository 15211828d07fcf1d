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
    return String.format(
        Locale.ROOT,
        "%-22s %-10s %10s %8s %8s %8s",
        "stream",
        "event",
        "CPU ns",
        "worst",
        "wall ns",
        "B");
  }

  static Measured event(ReplyPath path, EventKind kind, Reading reading) {
    boolean within = reading.cpuNanos() < EVENT_NANOS && reading.allocatedBytes() < EVENT_BYTES;
    String text =
        String.format(
            Locale.ROOT,
            "%-22s %-10s %10.0f %8.0f %8.0f %8.1f%s",
            Named.name(path),
            Named.name(kind),
            reading.cpuNanos(),
            reading.worstNanos(),
            reading.wallNanos(),
            reading.allocatedBytes(),
            mark(within));
    return new Measured(text, within);
  }

  static String bodyHead() {
    return String.format(
        Locale.ROOT,
        "%-22s %10s %10s %8s %8s %8s",
        "request",
        "bytes",
        "MB/s CPU",
        "worst",
        "wall",
        "B");
  }

  /// `bytes` are those of the body.
  static Measured body(RequestPath path, int bytes, Reading reading) {
    boolean within = !path.isSpliced() || megabytes(bytes, reading.cpuNanos()) >= SPLICED_MEGABYTES;
    String text =
        String.format(
            Locale.ROOT,
            "%-22s %10d %10.0f %8.0f %8.0f %8.0f%s",
            Named.name(path),
            bytes,
            megabytes(bytes, reading.cpuNanos()),
            megabytes(bytes, reading.worstNanos()),
            megabytes(bytes, reading.wallNanos()),
            reading.allocatedBytes(),
            mark(within));
    return new Measured(text, within);
  }

  static String bounds() {
    return String.format(
        Locale.ROOT,
        "bounds: an event in less than %.0f ns with less than %.0f B of heap (a stream's own spread"
            + " over %d events);%na spliced body at %.0f MB/s",
        EVENT_NANOS,
        EVENT_BYTES,
        EventBench.EVENTS,
        SPLICED_MEGABYTES);
  }

  private static String mark(boolean within) {
    return within ? "" : "  MISSED";
  }

  /// Millions of bytes a second.
  private static double megabytes(int bytes, double nanos) {
    return bytes * 1e3 / nanos;
  }
}
