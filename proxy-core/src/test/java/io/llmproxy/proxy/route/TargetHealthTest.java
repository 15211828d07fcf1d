package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TargetHealthTest {

  private static final long SECOND = 1_000_000_000L;

  private final TargetHealth health = new TargetHealth(null);

  @Test
  void fourFailuresInARowDoNotOpenIt() {
    for (int i = 0; i < 4; i++) {
      health.failed(0);
    }
    health.succeeded();
    assertThat(health.isWell()).isTrue();
    assertThat(health.admits(0)).isTrue();
  }

  @Test
  void halfOfTheLastOutcomesOpenIt() {
    for (int i = 0; i < 15; i++) {
      health.failed(0);
      health.succeeded();
    }
    assertThat(health.isWell()).isTrue();
    health.failed(0);
    assertThat(health.isWell()).isFalse();
  }

  @Test
  void probesAtMostEveryFourSecondsHoweverLongTheOutage() {
    for (int i = 0; i < 5; i++) {
      health.failed(0);
    }
    int probes = 0;
    for (long now = 0; now < 60 * SECOND; now += SECOND / 10) {
      if (health.admits(now)) {
        probes++;
        health.failed(now);
      }
    }
    assertThat(probes).isBetween(14, 17);
    assertThat(health.admits(64 * SECOND)).isTrue();
  }

  @Test
  void aProbeThatIsNeverHeardOfDoesNotKeepItShut() {
    for (int i = 0; i < 5; i++) {
      health.failed(0);
    }
    assertThat(health.admits(SECOND)).isTrue();
    assertThat(health.admits(SECOND)).isFalse();
    assertThat(health.admits(2 * SECOND)).isTrue();
  }

  @Test
  void knowsItsSlowFirstTokensOnceThereAreEnough() {
    for (int i = 1; i <= 16; i++) {
      health.firstToken(i);
    }
    assertThat(health.slowFirstTokenNanos()).isEqualTo(-1);
    for (int i = 17; i <= 100; i++) {
      health.firstToken(i);
    }
    assertThat(health.slowFirstTokenNanos()).isBetween(90L, 96L);
    assertThat(health.averageFirstTokenNanos()).isBetween(80L, 100L);
  }
}
