package io.llmproxy.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import org.junit.jupiter.api.Test;

/// An answer is as long as the budgets can pay, and no longer.
final class CeilingTest {

  /// A thousand nano-dollars for a token of the answer, a hundred for one of the question.
  private static final Price PRICE =
      Price.configured(Rates.flat(100_000_000, 10_000_000, 125_000_000, 1_000_000_000));

  private static Ceiling ceiling(long most, boolean open, int choices) {
    return new Ceiling(PRICE, new Demand(50, 100, most, choices, true, false), most, open);
  }

  @Test
  void aQuestionCostsAsMuchAsIfItWereAllWrittenToACache() {
    assertThat(ceiling(0, false, 1).nanoUsd(0)).isEqualTo(12_500);
  }

  @Test
  void everyChoiceIsPaidFor() {
    assertThat(ceiling(10, false, 3).nanoUsd(10)).isEqualTo(12_500 + 30_000);
    assertThat(ceiling(10, false, Integer.MAX_VALUE).limitedTo(1_000_000)).isZero();
  }

  @Test
  void whoSaysHowLongTheAnswerMayBeHasThatIfItCanBePaid() {
    assertThat(ceiling(100, false, 1).limitedTo(112_500)).isEqualTo(-1);
    assertThat(ceiling(100, false, 1).limitedTo(112_499)).isEqualTo(99);
    assertThat(ceiling(100, false, 1).limitedTo(28_500)).isEqualTo(16);
    assertThat(ceiling(100, false, 1).limitedTo(28_499)).as("too short to be one").isZero();
  }

  @Test
  void whoDoesNotSayLeavesSomethingForOthers() {
    Ceiling open = ceiling(100_000, true, 1);
    assertThat(open.limitedTo(Long.MAX_VALUE)).isEqualTo(-1);
    assertThat(open.limitedTo(1_000_000_000L)).as("a twentieth").isEqualTo(49_987);
    assertThat(open.limitedTo(10_000_000L)).as("what is usual").isEqualTo(4_096);
    assertThat(open.limitedTo(1_012_500)).as("what is there").isEqualTo(1_000);
  }

  @Test
  void whatHasNoAnswerOfTokensIsPaidOrNot() {
    Demand free = new Demand(50, 100, -1, 1, false, false);
    Ceiling embeddings = new Ceiling(PRICE, free, 1_000, true);
    assertThat(embeddings.nanoUsd(1_000)).isEqualTo(12_500);
    assertThat(embeddings.limitedTo(12_499)).isZero();
  }
}
