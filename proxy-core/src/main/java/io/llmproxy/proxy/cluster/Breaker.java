package io.llmproxy.proxy.cluster;

import java.util.concurrent.TimeUnit;

/// Whether a store that failed is asked again. For one thread.
final class Breaker {
  private static final int MOST_FAILURES = 5;

  /// Shorter than the store learns after a loss, so that nobody is late to say what it holds.
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private int failures;
  private long failedNanos;

  /// Whether a call may be made now: each pause lets one through.
  boolean lets(long nowNanos) {
    return failures < MOST_FAILURES || nowNanos - failedNanos >= PAUSE_NANOS;
  }

  void failed(long nowNanos) {
    failures = Math.min(failures + 1, MOST_FAILURES);
    failedNanos = nowNanos;
  }

  void worked() {
    failures = 0;
  }

  boolean isOpen() {
    return failures >= MOST_FAILURES;
  }
}
