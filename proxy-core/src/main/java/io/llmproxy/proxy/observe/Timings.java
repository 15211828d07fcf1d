package io.llmproxy.proxy.observe;

import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/// How long one provider's exchanges took on one event loop: recorded by that loop, sampled by the
/// reader of the metrics.
final class Timings {

  /// One hour; longer durations count as this long.
  private static final long LONGEST_NANOS = 3_600_000_000_000L;

  private static final long LONGEST_MICROS = LONGEST_NANOS / 1_000;

  /// Within one hundredth of the value.
  private static final int DIGITS = 2;

  /// What is timed.
  enum Span {
    FIRST_TOKEN(0),
    TOTAL(1),
    OVERHEAD(2);

    private final int slot;

    Span(int slot) {
      this.slot = slot;
    }
  }

  static final List<Span> SPANS = List.of(Span.values());

  private final List<SingleWriterRecorder> recorders =
      Stream.generate(() -> new SingleWriterRecorder(1, LONGEST_MICROS, DIGITS))
          .limit(SPANS.size())
          .toList();

  /// Exact, for a histogram only knows its values to two digits.
  private final Tally nanos = new Tally(SPANS.size());

  static Histogram emptyHistogram() {
    return new Histogram(1, LONGEST_MICROS, DIGITS);
  }

  /// The loop's thread only. A negative duration is none.
  void record(Span span, long durationNanos) {
    if (durationNanos < 0) {
      return;
    }
    long counted = Math.min(durationNanos, LONGEST_NANOS);
    recorders.get(span.slot).recordValue((counted + 500) / 1_000);
    nanos.add(span.slot, counted);
  }

  /// Adds what was recorded since the last call. One reader at a time.
  void drainInto(Span span, Histogram sum) {
    sum.add(recorders.get(span.slot).getIntervalHistogram());
  }

  long sumNanos(Span span) {
    return nanos.get(span.slot);
  }
}
