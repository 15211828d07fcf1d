package io.llmproxy.client;

import java.util.random.RandomGenerator;

/// How long to wait before a try is repeated: exponential, with full jitter.
final class Backoff {

  private static final int MOST_DOUBLINGS = 20;

  private Backoff() {}

  /// A random part, in nanoseconds, of a delay that doubles.
  ///
  /// @param repeats how many there were before
  static long nanos(RetryPolicy policy, int repeats, RandomGenerator random) {
    long most =
        Math.min(
            policy.maxDelay().toNanos(),
            policy.baseDelay().toNanos() << Math.min(repeats, MOST_DOUBLINGS));
    return most <= 0 ? 0 : random.nextLong(most + 1);
  }
}
