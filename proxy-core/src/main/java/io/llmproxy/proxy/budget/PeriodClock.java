package io.llmproxy.proxy.budget;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The time by which budgets' periods begin and end: the wall clock's at the start, and from then
/// on the monotonic clock's, so that it never goes back and no step of the wall clock begins a
/// period anew. Used by any thread.
public final class PeriodClock {

  private final LongSupplier monotonicNanos;
  private final long startNanos;
  private final long startMillis;

  /// @param wallMillis Unix time now
  /// @param leastMillis what it is not to begin before: the newest record of earlier runs
  public PeriodClock(LongSupplier monotonicNanos, long wallMillis, long leastMillis) {
    this.monotonicNanos = monotonicNanos;
    this.startNanos = monotonicNanos.getAsLong();
    this.startMillis = Math.max(wallMillis, leastMillis);
  }

  /// Unix time, milliseconds.
  public long millis() {
    return startMillis + TimeUnit.NANOSECONDS.toMillis(monotonicNanos.getAsLong() - startNanos);
  }
}
