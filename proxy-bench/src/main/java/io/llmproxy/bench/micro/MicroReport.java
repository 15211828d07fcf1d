package io.llmproxy.bench.micro;

import java.util.Locale;

/// Readings for people, beside the bounds they are held to.
final class MicroReport {
  /// An event costs less than this.
  static final double EVENT_NANOS = 1_000;

  /// What a stream costs once comes to less than this for each of its events; anything that is
  /// allocated for each of them comes to more.
  static final double EVENT_BYTES = 8;

  /// Where what was told is kept: the text itself, in an array that doubles.
  static final double KEPT_EVENT_BYTES = 32;

  /// A body that goes on in its own dialect is as fast as this, in millions of bytes a second.
  static final double SPLICED_MEGABYTES = 500;

  /// A request is admitted and settled in less than this.
  static final double ADMISSION_NANOS = 1_000;

  /// And leaves less than this on the heap, which is nothing: one object takes twice as much.
  static final double ADMISSION_BYTES = 8;

  /// A key is found in less than this, once it is hashed.
  static final double LOOKUP_NANOS = 200;

  /// Of one shorter than this, most is what any request costs.
  static final int SHORT_BYTES = 16 * 1024;

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
    boolean within = reading.cpuNanos() < EVENT_NANOS && reading.allocatedBytes() < mostBytes(path);
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
    boolean within =
        !path.isSpliced()
            || bytes < SHORT_BYTES
            || megabytes(bytes, reading.cpuNanos()) >= SPLICED_MEGABYTES;
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

  static String policyHead() {
    return String.format(
        Locale.ROOT, "%-32s %10s %8s %8s %8s", "step", "CPU ns", "worst", "wall ns", "B");
  }

  /// A request that is admitted by every limit and budget there can be, and settled.
  static Measured admission(String name, Reading reading) {
    boolean within =
        reading.wallNanos() < ADMISSION_NANOS && reading.allocatedBytes() < ADMISSION_BYTES;
    return step(name, reading, within);
  }

  /// A key found among `keys`, which take `bytes` in all.
  static Measured lookup(int keys, long bytes, Reading reading) {
    String name =
        String.format(Locale.ROOT, "one of %,d keys (%.0f B each)", keys, (double) bytes / keys);
    return step(name, reading, reading.wallNanos() < LOOKUP_NANOS);
  }

  private static Measured step(String name, Reading reading, boolean within) {
    String text =
        String.format(
            Locale.ROOT,
            "%-32s %10.0f %8.0f %8.0f %8.1f%s",
            name,
            reading.cpuNanos(),
            reading.worstNanos(),
            reading.wallNanos(),
            reading.allocatedBytes(),
            mark(within));
    return new Measured(text, within);
  }

  static String bounds() {
    return String.format(
        Locale.ROOT,
        """
        bounds: an event in less than %.0f ns and %.0f B of heap, %.0f B where the answer is kept to be \
        repeated (a stream's own cost is spread over %d events);
        a spliced body of %d KiB or more at %.0f MB/s;
        admission and settlement in %.0f ns and %.0f B of the event loop's thread, a key's lookup in %.0f ns\
        """,
        EVENT_NANOS,
        EVENT_BYTES,
        KEPT_EVENT_BYTES,
        EventBench.EVENTS,
        SHORT_BYTES / 1024,
        SPLICED_MEGABYTES,
        ADMISSION_NANOS,
        ADMISSION_BYTES,
        LOOKUP_NANOS);
  }

  private static double mostBytes(ReplyPath path) {
    return path.keepsText() ? KEPT_EVENT_BYTES : EVENT_BYTES;
  }

  private static String mark(boolean within) {
    return within ? "" : "  MISSED";
  }

  /// Millions of bytes a second.
  private static double megabytes(int bytes, double nanos) {
    return bytes * 1e3 / nanos;
  }
}
