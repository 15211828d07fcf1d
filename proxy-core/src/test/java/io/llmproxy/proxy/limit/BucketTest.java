package io.llmproxy.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bucket lets through what its limit says: never more in any window, and hardly less.
final class BucketTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = 60 * SECOND;

  /// Some time that is no special number, as the monotonic clock's is.
  private static final long START = -8_123_456_789_012L;

  private record Taken(long at, long units) {}

  @Test
  void holdsAMinutesWorthAndFillsEvenly() {
    Bucket bucket = new Bucket(60, START);
    for (int i = 0; i < 60; i++) {
      assertThat(bucket.take(1, START)).isZero();
    }
    assertThat(bucket.take(1, START)).isEqualTo(SECOND);
    assertThat(bucket.take(1, START + SECOND - 1)).isEqualTo(1);
    assertThat(bucket.take(1, START + SECOND)).isZero();
  }

  @Test
  void whoWaitsAsLongAsIsSaidIsLetIn() {
    Random random = seeded(11);
    for (int i = 0; i < 2_000; i++) {
      long limit = 1 + random.nextLong(1_000_000);
      Bucket bucket = new Bucket(limit, START);
      long now = START + random.nextLong(MINUTE);
      bucket.take(1 + random.nextLong(limit), now);
      bucket.take(1 + random.nextLong(limit), now);
      long units = 1 + random.nextLong(limit);
      long wait = bucket.take(units, now);
      if (wait != 0) {
        assertThat(bucket.take(units, now + wait - 1)).as("a moment before").isNotZero();
        assertThat(bucket.take(units, now + wait)).as("%d of %d", units, limit).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 100, 4_999, 100_000, 70_000_001, 1_000_000_000})
  void neverPassesItsLimitInAnyWindowAndWastesLessThanAThousandth(long limit) {
    Random random = seeded(limit);
    Bucket bucket = new Bucket(limit, START);
    List<Taken> taken = new ArrayList<>();
    long most = Math.max(1, limit / 50);
    long now = START;
    long sum = 0;
    for (int i = 0; i < 3_000; i++) {
      long units = 1 + random.nextLong(most);
      long wait = bucket.take(units, now);
      if (wait == 0) {
        taken.add(new Taken(now, units));
        sum += units;
      } else {
        // Greedy: it comes again the moment that it may.
        now += wait;
      }
    }
    double offered = limit + (double) limit * (now - START) / MINUTE;
    assertThat((double) sum).isGreaterThanOrEqualTo((offered - most) * 0.999);
    assertNoWindowOver(taken, limit);
  }

  private static void assertNoWindowOver(List<Taken> taken, long limit) {
    for (int from = 0; from < taken.size(); from += 37) {
      long sum = 0;
      for (int to = from; to < taken.size(); to++) {
        sum += taken.get(to).units();
        double length = taken.get(to).at() - taken.get(from).at();
        assertThat((double) sum)
            .isLessThanOrEqualTo(limit + limit * length / MINUTE + 1e-6 * limit);
      }
    }
  }

  @Test
  void whatWasNotUsedIsThereForOthersAtOnce() {
    Bucket bucket = new Bucket(100, START);
    assertThat(bucket.take(100, START)).isZero();
    assertThat(bucket.take(40, START)).isNotZero();
    bucket.correct(-40);
    assertThat(bucket.take(40, START)).isZero();
    assertThat(bucket.take(1, START)).isNotZero();
  }

  @Test
  void whatWasUsedBeyondTheEstimateIsPaidByThoseWhoComeNext() {
    Bucket bucket = new Bucket(100, START);
    assertThat(bucket.take(100, START)).isZero();
    bucket.correct(50);
    assertThat(bucket.take(1, START + 30 * SECOND)).isNotZero();
    assertThat(bucket.take(1, START + 31 * SECOND)).isZero();
  }

  @Test
  void whatIsMoreThanItEverHoldsIsNeverLetIn() {
    Bucket bucket = new Bucket(100, START);
    assertThat(bucket.take(101, START)).isEqualTo(Long.MAX_VALUE);
    assertThat(bucket.take(Long.MAX_VALUE / 2, START)).isEqualTo(Long.MAX_VALUE);
    assertThat(bucket.remaining(START)).isEqualTo(100);
  }

  @Test
  void tellsWhatRemainsAndWhenItIsFull() {
    Bucket bucket = new Bucket(60, START);
    bucket.take(20, START);
    assertThat(bucket.remaining(START)).isEqualTo(40);
    assertThat(bucket.untilFull(START)).isEqualTo(20 * SECOND);
    assertThat(bucket.remaining(START + 5 * SECOND)).isEqualTo(45);
    assertThat(bucket.remaining(START + MINUTE)).isEqualTo(60);
  }

  @Test
  void manyThreadsTogetherTakeExactlyWhatThereIs() throws InterruptedException {
    Bucket bucket = new Bucket(10_000, START);
    long[] taken = new long[4];
    Thread[] threads = new Thread[taken.length];
    for (int i = 0; i < threads.length; i++) {
      int mine = i;
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < 10_000; j++) {
                  taken[mine] += bucket.take(1, START) == 0 ? 1 : 0;
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken[0] + taken[1] + taken[2] + taken[3]).isEqualTo(10_000);
  }

  @Test
  void aLimitOfNothingIsRefused() {
    assertThatThrownBy(() -> new Bucket(0, START)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Random seeded(long salt) {
    long seed = Long.getLong("seed", 20_261_123) + salt;
    System.out.println("BucketTest: -Dseed=" + (seed - salt));
    return new Random(seed);
  }
}
