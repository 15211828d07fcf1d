package io.llmproxy.client;

import java.time.Duration;

/// How a call is repeated.
///
/// @param attempts at providers that one call may come to, the proxy's own counted: the budget that
///   client and proxy share
/// @param baseDelay the first delay is a random part of it, each later one of twice as much
/// @param maxDelay no delay is longer; who asks for a longer one by `retry-after` is not asked
///   again
/// @param percent how many repetitions may be made for each hundred calls that succeed
/// @param patience how long a call goes on while no endpoint can be reached at all
public record RetryPolicy(
    int attempts, Duration baseDelay, Duration maxDelay, int percent, Duration patience) {

  public static final RetryPolicy DEFAULT =
      new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(8), 10, Duration.ofSeconds(10));

  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: 1 or more)");
    }
  }

  public RetryPolicy withAttempts(int attempts) {
    return new RetryPolicy(attempts, baseDelay, maxDelay, percent, patience);
  }

  public RetryPolicy withDelays(Duration base, Duration most) {
    return new RetryPolicy(attempts, base, most, percent, patience);
  }

  public RetryPolicy withPercent(int percent) {
    return new RetryPolicy(attempts, baseDelay, maxDelay, percent, patience);
  }

  public RetryPolicy withPatience(Duration patience) {
    return new RetryPolicy(attempts, baseDelay, maxDelay, percent, patience);
  }
}
