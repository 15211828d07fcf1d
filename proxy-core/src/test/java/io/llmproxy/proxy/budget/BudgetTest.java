package io.llmproxy.proxy.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// A budget is never held beyond its limit, and begins anew with its period.
final class BudgetTest {

  private static final long NOON = Instant.parse("2026-11-30T12:00:00Z").toEpochMilli();
  private static final long HOUR_MILLIS = 3_600_000;

  private static Budget hourly(long limit, long spent) {
    return new Budget("key alice", Period.HOUR, limit, spent, NOON);
  }

  @Test
  void holdsToTheLastNanoDollarAndNotOneMore() {
    Budget budget = hourly(100, 40);
    Account account = budget.account(NOON);
    assertThat(budget.hold(account, 61)).isFalse();
    assertThat(budget.hold(account, 60)).isTrue();
    assertThat(budget.hold(account, 1)).isFalse();
    assertThat(budget.left(account)).isZero();
  }

  @Test
  void whatIsGivenBackCanBeHeldAgain() {
    Budget budget = hourly(100, 0);
    Account account = budget.account(NOON);
    budget.hold(account, 100);
    account.correct(-30);
    assertThat(budget.left(account)).isEqualTo(30);
    assertThat(budget.hold(account, 30)).isTrue();
  }

  @Test
  void whatWasSpentBeyondTheLimitLeavesNothingAndNoOverflow() {
    Budget budget = hourly(100, Long.MAX_VALUE);
    Account account = budget.account(NOON);
    assertThat(budget.left(account)).isZero();
    assertThat(budget.hold(account, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void beginsAnewWithEachPeriodAndNotesLateCostsInTheOneTheyWereHeldIn() {
    Budget budget = hourly(100, 0);
    Account first = budget.account(NOON + HOUR_MILLIS - 1);
    budget.hold(first, 100);
    Account second = budget.account(NOON + HOUR_MILLIS);
    assertThat(second).isNotSameAs(first);
    assertThat(budget.left(second)).isEqualTo(100);
    first.correct(50);
    assertThat(budget.left(second)).isEqualTo(100);
    assertThat(first.committed()).isEqualTo(150);
  }

  @Test
  void periodsAreThoseOfUtc() {
    assertThat(Instant.ofEpochMilli(Period.DAY.startOf(NOON)))
        .isEqualTo(Instant.parse("2026-11-30T00:00:00Z"));
    assertThat(Instant.ofEpochMilli(Period.MONTH.startOf(NOON)))
        .isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
    assertThat(Instant.ofEpochMilli(Period.MONTH.endOf(Period.MONTH.startOf(NOON))))
        .isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
    assertThat(Period.HOUR.startOf(NOON + 1)).isEqualTo(NOON);
  }

  @Test
  void aThousandAtOnceAreHeldExactlyAsOftenAsTheBudgetHasIt() throws InterruptedException {
    Budget budget = hourly(5_000_000_000L, 0);
    Account account = budget.account(NOON);
    AtomicInteger held = new AtomicInteger();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < 125; j++) {
                  if (budget.hold(account, 100_000_000L)) {
                    held.incrementAndGet();
                  }
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(held.get()).isEqualTo(50);
  }

  @Test
  void theClockOfPeriodsNeitherStepsNorGoesBack() {
    AtomicLong nanos = new AtomicLong(5);
    PeriodClock clock = new PeriodClock(nanos::get, NOON, 0);
    nanos.addAndGet(2_500_000_000L);
    assertThat(clock.millis()).isEqualTo(NOON + 2_500);
  }

  @Test
  void aWallClockThatWasSetBackBetweenTwoRunsBeginsNoPeriodAnew() {
    PeriodClock clock = new PeriodClock(() -> 0, NOON - 72 * HOUR_MILLIS, NOON);
    assertThat(clock.millis()).isEqualTo(NOON);
  }
}
