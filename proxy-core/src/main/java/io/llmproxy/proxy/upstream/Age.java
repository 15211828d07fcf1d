package io.llmproxy.proxy.upstream;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// How long a connection takes attempts: nine to eleven minutes, each its own time, so that those
/// opened together do not end together. A name that leads elsewhere is followed that soon.
final class Age {

  private static final long LEAST_NANOS = TimeUnit.MINUTES.toNanos(9);
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(11);

  private final long endNanos;

  Age(long bornNanos) {
    endNanos = bornNanos + ThreadLocalRandom.current().nextLong(LEAST_NANOS, MOST_NANOS);
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }
}
