package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a call may come to is never more than its budget, whatever is told of its tries.
final class BudgetTest {

  private static final RandomGenerator RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom").create(42);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 100})
  void noTriesTogetherMakeMoreThanTheBudget(int attempts) {
    for (int round = 0; round < 200; round++) {
      Budget budget = new Budget(attempts);
      int made = 0;
      while (!budget.isSpent()) {
        int granted = budget.grant();
        assertThat(granted).isPositive();
        int used = RANDOM.nextInt(granted + 1);
        switch (RANDOM.nextInt(3)) {
          case 0 -> {
            made += used;
            budget.told(used);
          }
          case 1 -> {
            made += used;
            budget.untold();
          }
          default -> budget.unseen();
        }
        assertThat(made).isLessThanOrEqualTo(attempts);
        assertThat(budget.spent()).isBetween(made, attempts);
      }
    }
  }

  @Test
  void aTryThatEndsInSilenceLeavesOneMore() {
    Budget budget = new Budget(4);
    assertThat(budget.grant()).isEqualTo(2);
    budget.untold();
    assertThat(budget.grant()).isEqualTo(1);
    budget.untold();
    assertThat(budget.grant()).isEqualTo(1);
    budget.untold();
    assertThat(budget.isSpent()).isTrue();
    assertThat(budget.spent()).isEqualTo(4);
  }

  @Test
  void whatATryDidNotUseIsLeft() {
    Budget budget = new Budget(4);
    budget.grant();
    budget.told(1);
    assertThat(budget.grant()).isEqualTo(2);
    budget.told(0);
    assertThat(budget.spent()).isEqualTo(1);
  }

  @Test
  void aTenthOfWhatSucceedsMayBeRepeatedAndTenAtFirst() {
    Allowance allowance = new Allowance(10);
    for (int i = 0; i < 10; i++) {
      assertThat(allowance.take()).isTrue();
    }
    assertThat(allowance.take()).isFalse();
    for (int i = 0; i < 9; i++) {
      allowance.earn();
    }
    assertThat(allowance.take()).isFalse();
    allowance.earn();
    assertThat(allowance.take()).isTrue();
    assertThat(allowance.take()).isFalse();
    assertThat(new Allowance(0).take()).as("none at all").isFalse();
  }

  @Test
  void delaysAreSpreadOverAllOfARangeThatDoublesUpToItsEnd() {
    RetryPolicy policy =
        RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(100), Duration.ofMillis(1000));
    long[] most = {100, 200, 400, 800, 1000, 1000};
    for (int repeats = 0; repeats < most.length; repeats++) {
      long least = Long.MAX_VALUE;
      long longest = 0;
      for (int i = 0; i < 2000; i++) {
        long nanos = Backoff.nanos(policy, repeats, RANDOM);
        least = Math.min(least, nanos);
        longest = Math.max(longest, nanos);
      }
      long end = Duration.ofMillis(most[repeats]).toNanos();
      assertThat(longest).isBetween(end * 9 / 10, end);
      assertThat(least).as("full jitter begins at nothing").isLessThan(end / 10);
    }
    assertThat(Backoff.nanos(policy, 1_000_000, RANDOM)).isBetween(0L, 1_000_000_000L);
  }
}
