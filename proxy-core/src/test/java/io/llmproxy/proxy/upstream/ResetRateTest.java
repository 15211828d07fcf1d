package io.llmproxy.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ResetRateTest {

  private final ResetRate rate = new ResetRate();
  private final long now = System.nanoTime();

  @Test
  void isSpentLongBeforeServersCloseTheConnection() {
    assertThat(resetsUntilSpent(now)).isEqualTo(64);
  }

  @Test
  void countsAnewAfterAWhile() {
    for (int i = 0; i < 63; i++) {
      assertThat(rate.isSpentBy(now)).isFalse();
    }
    assertThat(resetsUntilSpent(now + TimeUnit.SECONDS.toNanos(31))).isEqualTo(64);
  }

  @Test
  void staysSpentWithinItsWindow() {
    resetsUntilSpent(now);
    assertThat(rate.isSpentBy(now + TimeUnit.SECONDS.toNanos(1))).isTrue();
  }

  private int resetsUntilSpent(long atNanos) {
    int resets = 1;
    while (!rate.isSpentBy(atNanos)) {
      resets++;
    }
    return resets;
  }
}
