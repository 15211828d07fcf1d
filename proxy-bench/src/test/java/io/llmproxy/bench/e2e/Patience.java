package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Waits for what other threads bring about.
public final class Patience {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Patience() {}

  /// Waits until `condition` holds, and fails where it does not in good time.
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    until(what, LIMIT, condition);
  }

  public static void until(String what, Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  /// Waits until `count` has not changed for `still`; gives where it stands.
  public static long settled(LongSupplier count, Duration still) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    long last = count.getAsLong();
    long since = System.nanoTime();
    while (System.nanoTime() - since < still.toNanos()) {
      assertThat(System.nanoTime()).as("still changing: " + last).isLessThan(end);
      Thread.sleep(5);
      long now = count.getAsLong();
      if (now != last) {
        last = now;
        since = System.nanoTime();
      }
    }
    return last;
  }
}
