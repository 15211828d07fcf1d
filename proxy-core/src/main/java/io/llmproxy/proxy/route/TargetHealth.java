package io.llmproxy.proxy.route;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/// How a target has done of late: a circuit breaker and its times to first token. Used by any
/// thread; times are `System.nanoTime()` and nanoseconds.
///
/// The breaker opens after five failures in a row, or when half of the last 32 outcomes are
/// failures. From then on one request at a time is let through as a probe, after 1 s, 2 s, then
/// every 4 s, so that a target is back within 10 s of its recovery. The first success closes it.
public final class TargetHealth {

  private static final int IN_A_ROW = 5;
  private static final int WINDOW = 32;
  private static final long WINDOW_MASK = (1L << WINDOW) - 1;
  private static final long RUN_MASK = (1L << IN_A_ROW) - 1;
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 4_000_000_000L;
  private static final int SAMPLES = 128;
  private static final int SAMPLES_A_SORT = 16;
  private static final int ENOUGH_SAMPLES = 20;

  private static final AtomicLongFieldUpdater<TargetHealth> OUTCOMES =
      AtomicLongFieldUpdater.newUpdater(TargetHealth.class, "outcomes");
  private static final AtomicLongFieldUpdater<TargetHealth> PROBE_AT =
      AtomicLongFieldUpdater.newUpdater(TargetHealth.class, "probeAt");

  /// The last outcomes, one bit each, 1 for a failure, the newest lowest.
  private volatile long outcomes;

  /// When the next probe may go; 0 while the breaker is closed.
  private volatile long probeAt;

  private volatile long pauseNanos = FIRST_PAUSE_NANOS;

  private final @Nullable Crowd crowd;
  private final AtomicLong samples = new AtomicLong();
  private final AtomicLongArray firstTokens = new AtomicLongArray(SAMPLES);
  private volatile long averageFirstToken = -1;

  /// As it was when so many samples were there; found when it is asked for.
  private volatile long slowFirstToken = -1;

  private volatile long sortedAt;

  /// @param crowd null where no route asks how much the target bears
  TargetHealth(@Nullable Crowd crowd) {
    this.crowd = crowd;
  }

  /// Whether a request may go here now; where the breaker is open a yes makes it the probe.
  public boolean admits(long now) {
    long at = probeAt;
    return at == 0
        || (now - at >= 0 && PROBE_AT.compareAndSet(this, at, nonZero(now + pauseNanos)));
  }

  /// Whether the breaker is closed.
  public boolean isWell() {
    return probeAt == 0;
  }

  /// Content came.
  public void succeeded() {
    if (outcomes != 0) {
      OUTCOMES.getAndUpdate(this, bits -> (bits << 1) & WINDOW_MASK);
    }
    if (probeAt != 0) {
      outcomes = 0;
      pauseNanos = FIRST_PAUSE_NANOS;
      probeAt = 0;
    }
  }

  /// The provider failed, by its own fault.
  public void failed(long now) {
    long bits = OUTCOMES.updateAndGet(this, before -> ((before << 1) | 1) & WINDOW_MASK);
    if (probeAt != 0) {
      pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      probeAt = nonZero(now + pauseNanos);
    } else if ((bits & RUN_MASK) == RUN_MASK || Long.bitCount(bits) >= WINDOW / 2) {
      probeAt = nonZero(now + pauseNanos);
    }
  }

  /// An attempt begins.
  void begin() {
    if (crowd != null) {
      crowd.begin();
    }
  }

  /// An attempt that has begun is over.
  void end() {
    if (crowd != null) {
      crowd.end();
    }
  }

  /// Whether another attempt is more than the target bears.
  boolean isFull() {
    return crowd != null && crowd.isFull();
  }

  /// The first token came after `nanos`.
  public void firstToken(long nanos) {
    long average = averageFirstToken;
    averageFirstToken = average < 0 ? nanos : average + ((nanos - average) >> 3);
    if (crowd != null) {
      crowd.firstToken(nanos, averageFirstToken);
    }
    firstTokens.set((int) (samples.getAndIncrement() % SAMPLES), nanos);
  }

  private long percentile95(int size) {
    long[] sorted = new long[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = firstTokens.get(i);
    }
    Arrays.sort(sorted);
    return sorted[(size * 95 + 99) / 100 - 1];
  }

  /// The moving average of the time to first token, −1 where none is known.
  public long averageFirstTokenNanos() {
    return averageFirstToken;
  }

  /// The 95th percentile of the last times to first token, −1 before there are enough.
  public long slowFirstTokenNanos() {
    long count = samples.get();
    if (count < ENOUGH_SAMPLES) {
      return -1;
    }
    if (slowFirstToken < 0 || count - sortedAt >= SAMPLES_A_SORT) {
      sortedAt = count;
      slowFirstToken = percentile95((int) Math.min(count, SAMPLES));
    }
    return slowFirstToken;
  }

  private static long nonZero(long nanos) {
    return nanos == 0 ? 1 : nanos;
  }
}
