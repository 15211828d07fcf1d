package io.llmproxy.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The counts of one load. Belongs to the load's event loop.
final class LoadTally {
  private static final long MAX_NANOS = 3_600_000_000_000L;

  private final Histogram latency = histogram();
  private final Histogram firstEvent = histogram();
  private final Histogram eventDelay = histogram();
  private final Histogram gap = histogram();
  private final boolean repeat;
  private boolean stopped;
  private boolean measuring;
  private long windowNanos;
  private long windowCompleted;
  private long windowEvents;
  private long completed;
  private long events;
  private long failed;
  private int inFlight;
  private @Nullable String firstFailure;

  LoadTally(boolean repeat) {
    this.repeat = repeat;
  }

  /// 3 digits from a microsecond on: below that clocks and wake-ups say nothing.
  private static Histogram histogram() {
    return new Histogram(1_000, MAX_NANOS, 3);
  }

  void begun() {
    inFlight++;
  }

  void completed(long nanos) {
    inFlight--;
    completed++;
    if (measuring) {
      record(latency, nanos);
    }
  }

  void failed(String reason) {
    inFlight--;
    failed++;
    if (firstFailure == null) {
      firstFailure = reason;
    }
  }

  void firstEvent(long nanos) {
    if (measuring) {
      record(firstEvent, nanos);
    }
  }

  /// @param delayNanos since the sender's stamp, or -1 where there was none
  /// @param gapNanos since the stream's event before, or -1 for its first
  void event(long delayNanos, long gapNanos) {
    events++;
    if (!measuring) {
      return;
    }
    if (delayNanos >= 0) {
      record(eventDelay, delayNanos);
    }
    if (gapNanos >= 0) {
      record(gap, gapNanos);
    }
  }

  private static void record(Histogram durations, long nanos) {
    durations.recordValue(Math.clamp(nanos, 0L, MAX_NANOS));
  }

  void stop() {
    stopped = true;
  }

  boolean mayBegin() {
    return !stopped;
  }

  /// Whether an ended reply is followed by another request.
  boolean mayRepeat() {
    return repeat && !stopped && failed == 0;
  }

  void beginWindow(long now) {
    latency.reset();
    firstEvent.reset();
    eventDelay.reset();
    gap.reset();
    windowNanos = now;
    windowCompleted = completed;
    windowEvents = events;
    measuring = true;
  }

  LoadWindow endWindow(long now) {
    measuring = false;
    return new LoadWindow(
        now - windowNanos,
        completed - windowCompleted,
        events - windowEvents,
        Quantiles.of(latency),
        Quantiles.of(firstEvent),
        Quantiles.of(eventDelay),
        Quantiles.of(gap));
  }

  LoadTotals totals() {
    return new LoadTotals(completed, events, failed, inFlight, firstFailure);
  }
}
