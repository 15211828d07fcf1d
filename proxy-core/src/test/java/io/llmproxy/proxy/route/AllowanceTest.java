package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AllowanceTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void givesItsShareOfTheSuccessesAndAFewAtFirst() {
    Allowance allowance = new Allowance(10, 3, 0);
    assertThat(taken(allowance, 0)).isEqualTo(3);
    for (int i = 0; i < 1000; i++) {
      allowance.earn();
    }
    assertThat(taken(allowance, 0)).isEqualTo(100);
  }

  @Test
  void keepsNoMoreThanAHundred() {
    Allowance allowance = new Allowance(100, 0, 0);
    for (int i = 0; i < 1000; i++) {
      allowance.earn();
    }
    assertThat(taken(allowance, 0)).isEqualTo(100);
  }

  @Test
  void givesOneEveryTenSecondsToThoseWhoAskSeldom() {
    Allowance allowance = new Allowance(10, 0, 0);
    assertThat(taken(allowance, 9 * SECOND)).isZero();
    assertThat(taken(allowance, 10 * SECOND)).isEqualTo(1);
    assertThat(taken(allowance, 19 * SECOND)).isZero();
    assertThat(taken(allowance, 20 * SECOND)).isEqualTo(1);
  }

  @Test
  void givesNothingWhereItIsSetToNothing() {
    Allowance allowance = new Allowance(0, 10, 0);
    allowance.earn();
    assertThat(taken(allowance, 100 * SECOND)).isZero();
  }

  private static int taken(Allowance allowance, long now) {
    int taken = 0;
    while (taken < 10_000 && allowance.take(now)) {
      taken++;
    }
    return taken;
  }
}
