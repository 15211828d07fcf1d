package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CrowdTest {

  private static final long MILLI = 1_000_000;

  private final Crowd crowd = new Crowd();
  private final TargetHealth health = new TargetHealth(crowd);

  /// So many answers after `millis` each, while callers use up the limit.
  private void answers(int count, long millis) {
    for (int i = 0; i < count; i++) {
      while (!crowd.isFull()) {
        crowd.begin();
      }
      health.firstToken(millis * MILLI);
      crowd.end();
      while (crowd.underWay() > crowd.limit()) {
        crowd.end();
      }
    }
  }

  @Test
  void growsWhileItIsUsedAndFast() {
    answers(500, 100);
    assertThat(crowd.limit()).isGreaterThan(200);
  }

  @Test
  void doesNotGrowWhereItIsNotUsed() {
    int before = crowd.limit();
    for (int i = 0; i < 500; i++) {
      health.firstToken(100 * MILLI);
    }
    assertThat(crowd.limit()).isEqualTo(before);
  }

  @Test
  void bearsThatSomeAnswersAreSlow() {
    for (int i = 0; i < 100; i++) {
      answers(19, 100);
      answers(1, 500);
    }
    assertThat(crowd.limit()).isGreaterThan(200);
  }

  @Test
  void shrinksToAFewWhereAllBecomeSlow() {
    answers(600, 100);
    answers(150, 1_000);
    assertThat(crowd.limit()).isBetween(Crowd.LEAST, 8);
  }

  @Test
  void growsAgainWhenTheyAreFastAgain() {
    answers(600, 100);
    answers(150, 1_000);
    answers(300, 100);
    assertThat(crowd.limit()).isGreaterThan(100);
  }

  @Test
  void whatStaysSlowIsUsual() {
    answers(200, 100);
    answers(12_000, 1_000);
    assertThat(crowd.limit()).isGreaterThan(100);
  }

  @Test
  void isFullWhileAsManyAreUnderWay() {
    for (int i = 0; i < crowd.limit() - 1; i++) {
      crowd.begin();
    }
    assertThat(crowd.isFull()).isFalse();
    crowd.begin();
    assertThat(crowd.isFull()).isTrue();
    crowd.end();
    assertThat(crowd.isFull()).isFalse();
  }
}
