package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenFactorTest {

  @ParameterizedTest
  @CsvSource({
    "0, 100",
    "-1, 100",
    "100, 0",
    "100, -1",
    "-9223372036854775808, -9223372036854775808",
    "0, 0"
  })
  void learnsNothingFromWhatIsNoReport(long estimated, long reported) {
    TokenFactor factor = new TokenFactor(1.25);

    factor.learn(estimated, reported);

    assertThat(factor.factor()).isEqualTo(1.25);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 9223372036854775807, 2.5",
    "9223372036854775807, 1, 0.5",
    "2000, 1000000, 2.5",
    "1000000, 2000, 0.5"
  })
  void neverLeavesItsLimits(long estimated, long reported, double limit) {
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 100_000; i++) {
      factor.learn(estimated, reported);
      assertThat(factor.factor()).isBetween(TokenFactor.LEAST, TokenFactor.MOST);
    }
    assertThat(factor.factor()).isCloseTo(limit, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "-3, 0.5", "1.4, 1.4", "99, 2.5"})
  void beginsWithinItsLimits(double start, double factor) {
    assertThat(new TokenFactor(start).factor()).isEqualTo(factor);
  }

  @Test
  void isNearAfterAFewReports() {
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 5; i++) {
      factor.learn(4000, 5600);
    }

    assertThat(factor.factor()).isCloseTo(1.4, within(0.1));
  }

  @Test
  void findsTheFactorAmongReportsThatScatter() {
    Random random = new Random(5);
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 500; i++) {
      long estimated = 1L + random.nextInt(20_000);
      factor.learn(estimated, Math.round(estimated * (1.3 + 0.2 * random.nextGaussian())));
    }

    assertThat(factor.factor()).isCloseTo(1.3, within(0.1));
  }

  @Test
  void followsAModelThatChanges() {
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 10_000; i++) {
      factor.learn(4000, 4000);
    }
    for (int i = 0; i < 64; i++) {
      factor.learn(4000, 6000);
    }

    assertThat(factor.factor()).isCloseTo(1.5, within(0.02));
  }

  @Test
  void aShortTextCountsForLittle() {
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 20; i++) {
      factor.learn(4000, 4000);
    }

    factor.learn(10, 400);

    assertThat(factor.factor()).isCloseTo(1, within(0.001));
  }

  @Test
  void oneReportMovesItByNoMoreThanItsShare() {
    TokenFactor factor = new TokenFactor();
    for (int i = 0; i < 20; i++) {
      factor.learn(4000, 4000);
    }

    factor.learn(1_000_000, 100_000_000);

    assertThat(factor.factor()).isCloseTo(1 + 1.5 / 16, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 2", "1000, 1400", "1001, 1402"})
  void appliesItselfRoundedUp(long estimated, long tokens) {
    assertThat(new TokenFactor(1.4).apply(estimated)).isEqualTo(tokens);
  }

  @Test
  void allocatesNothing() {
    TokenFactor factor = new TokenFactor();

    assertThat(
            Allocation.bytesOf(() -> {
              factor.learn(1000, 1400);
              factor.apply(1000);
            }))
        .isZero();
  }
}
