package io.llmproxy.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.SettingsLoader;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.ledger.Spent;
import io.llmproxy.proxy.limit.Scope;
import io.llmproxy.proxy.route.Routes;
import io.llmproxy.proxy.route.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is set aside is taken of every limit and budget or of none, and comes back exactly once.
final class ReservationsTest {

  private static final String YAML =
      """
      llmproxy:
        listen_addr: "127.0.0.1:0"
        rate_limits:
          requests_per_minute: 1000000
          tokens_per_minute: 100000000
          concurrent_requests: 3
          total: {concurrent_requests: 5}
        cost_budget: {hourly_limit: 1, monthly_limit: 2}
        providers:
          one:
            type: openai
            base_url: "http://127.0.0.1:1"
            rate_limits: {concurrent_requests: 4}
            cost_budget: {daily_limit: 0.5}
            models:
              - name: m
                price: {input: 0, output: 1000}
                rate_limits: {concurrent_requests: 2}
              - {name: n, price: {input: 0, output: 1000}}
          other:
            type: openai
            base_url: "http://127.0.0.1:1"
            models: [{name: o, price: {input: 0, output: 1000}}]
      """;

  /// A tenth of a cent a token, so that a hundred tokens are ten cents.
  private static final Demand HUNDRED = new Demand(10, 10, 100, 1, true, false);

  @TempDir Path directory;

  private Allowances allowances(Settings settings) {
    return new Allowances(
        settings, new PeriodClock(System::nanoTime, 1_700_000_000_000L, 0), Spent.NONE);
  }

  private Settings settings() throws IOException {
    Path file = Files.writeString(directory.resolve("c.yaml"), YAML);
    return switch (SettingsLoader.load(file, Map.of())) {
      case LoadResult.Loaded(Settings settings) -> settings;
      case LoadResult.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private static Target target(Settings settings, String name) {
    var route =
        new Routes(settings.providers(), settings.routes(), settings.retry(), settings.prices())
            .find(name);
    return Objects.requireNonNull(route).first();
  }

  private static long taken(Scope scope) {
    return Objects.requireNonNull(scope.concurrent()).taken();
  }

  private static Usage output(long tokens) {
    return Usage.NONE.plusOutput(tokens);
  }

  @Test
  void aDenialByAnyOfThemLeavesNothingTakenOfTheOthers() throws IOException {
    Settings settings = settings();
    Admission admission = new Admission(allowances(settings), null, false);
    Client client = admission.allowances().address("10.0.0.1");
    Target two = target(settings, "one/m");
    List<Reservation> held = new ArrayList<>();
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Reservation each = admission.reservation(client, "r" + i, HUNDRED);
      shares.add((Share) each.attempt(two, System.nanoTime()));
      held.add(each);
    }
    for (int i = 0; i < 50; i++) {
      Reservation third = admission.reservation(client, "r", HUNDRED);
      assertThat(third.attempt(two, System.nanoTime())).isInstanceOf(Denial.Limited.class);
      third.end();
    }
    // The caller has one place left, the provider two, the budget thirty cents of fifty.
    Reservation elsewhere = admission.reservation(client, "r", HUNDRED);
    Decision decision = elsewhere.attempt(target(settings, "one/n"), System.nanoTime());
    assertThat(decision).isInstanceOf(Share.class);
    assertThat(taken(client.scope())).isEqualTo(3);
    ((Share) decision).release();
    elsewhere.end();
    shares.forEach(Share::release);
    held.forEach(Reservation::end);
    assertThat(taken(client.scope())).isZero();
    assertThat(taken(admission.all())).isZero();
  }

  @Test
  void nothingEndsTwice() throws IOException {
    Settings settings = settings();
    Admission admission = new Admission(allowances(settings), null, false);
    Reservation one = admission.reservation(admission.allowances().address("a"), "r", HUNDRED);
    Share share = (Share) one.attempt(target(settings, "one/m"), System.nanoTime());
    share.settle(output(50), UsageSource.REPORTED, 50_000_000, Outcome.COMPLETED);
    assertThatThrownBy(share::release).isInstanceOf(IllegalStateException.class);
    one.end();
    assertThatThrownBy(one::end).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatHasEndedIsUsedAgainButNotSoon() throws IOException {
    Settings settings = settings();
    Admission admission = new Admission(allowances(settings), null, false);
    Target target = target(settings, "one/m");
    Client client = admission.allowances().address("a");
    Set<Share> shares = Collections.newSetFromMap(new IdentityHashMap<>());
    Share first = null;
    for (int i = 0; i < 200; i++) {
      Reservation each = admission.reservation(client, "r" + i, HUNDRED);
      Share share = (Share) each.attempt(target, System.nanoTime());
      shares.add(share);
      share.settle(output(1), UsageSource.REPORTED, 1_000, Outcome.COMPLETED);
      each.end();
      if (first == null) {
        first = share;
      }
      if (i < 60) {
        assertThatThrownBy(first::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(each::end).isInstanceOf(IllegalStateException.class);
      }
    }
    assertThat(shares).hasSizeBetween(2, 100);
    assertThat(taken(client.scope())).isZero();
    assertThat(admission.allowances().budgets().getFirst().account(1_700_000_000_000L).committed())
        .isEqualTo(200_000);
  }

  @Test
  void aStreamThatSpendsMoreThanIsHeldGoesOnWhileTheBudgetsHaveMore() throws IOException {
    Settings settings = settings();
    Admission admission = new Admission(allowances(settings), null, false);
    Reservation one = admission.reservation(admission.allowances().address("a"), "r", HUNDRED);
    Share share = (Share) one.attempt(target(settings, "one/m"), System.nanoTime());
    assertThat(share.heldNanoUsd()).isEqualTo(100_000_000);
    assertThat(share.maySpend(100_000_000)).isTrue();
    assertThat(share.maySpend(110_000_000)).isTrue();
    assertThat(share.heldNanoUsd()).as("a quarter more at once").isEqualTo(125_000_000);
    assertThat(share.maySpend(500_000_000)).isTrue();
    assertThat(share.maySpend(500_000_001)).as("the provider's fifty cents").isFalse();
    share.settle(output(500), UsageSource.ESTIMATED, 500_000_001, Outcome.FAILED);
    one.end();
  }

  @Test
  void attemptsAtSeveralTargetsAreOneRequestOfTheCallers() throws IOException {
    Settings settings = settings();
    Admission admission = new Admission(allowances(settings), null, false);
    Client client = admission.allowances().address("a");
    Reservation one = admission.reservation(client, "r", HUNDRED);
    Share first = (Share) one.attempt(target(settings, "one/m"), System.nanoTime());
    Share second = (Share) one.attempt(target(settings, "other/o"), System.nanoTime());
    assertThat(taken(client.scope())).isEqualTo(1);
    first.settle(output(30), UsageSource.REPORTED, 30_000_000, Outcome.CANCELLED);
    second.settle(output(40), UsageSource.REPORTED, 40_000_000, Outcome.COMPLETED);
    one.end();
    assertThat(admission.allowances().budgets().getFirst().account(1_700_000_000_000L).committed())
        .isEqualTo(70_000_000);
  }

  @Test
  void inAnyOrderOfThingsNothingLeaksAndNoBudgetIsPassed() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ReservationsTest: -Dseed=" + seed);
    Settings settings = settings();
    Allowances allowances = allowances(settings);
    AtomicInteger settled = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> wrong = new ArrayList<>();
    long[] spent = new long[4];
    for (int i = 0; i < spent.length; i++) {
      int mine = i;
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> {
                synchronized (wrong) {
                  wrong.add(e);
                }
              })
              .start(() ->
                  spent[mine] = live(allowances, settings, new Random(seed + mine), settled)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(settled.get()).isPositive();
    long sum = spent[0] + spent[1] + spent[2] + spent[3];
    var account = allowances.budgets().getFirst().account(1_700_000_000_000L);
    assertThat(account.committed()).isEqualTo(sum).isLessThanOrEqualTo(1_000_000_000L);
    assertThat(taken(allowances.all())).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(taken(allowances.address("10.0.0." + i).scope())).isZero();
    }
  }

  /// One event loop's life: gives what was spent.
  private static long live(
      Allowances allowances, Settings settings, Random random, AtomicInteger settled) {
    Admission admission = new Admission(allowances, null, false);
    List<Target> targets =
        List.of(target(settings, "one/m"), target(settings, "one/n"), target(settings, "other/o"));
    record Open(Reservation reservation, List<Share> shares) {}
    List<Open> open = new ArrayList<>();
    long spent = 0;
    for (int i = 0; i < 20_000; i++) {
      if (open.size() < 3 && random.nextBoolean()) {
        Client client = allowances.address("10.0.0." + random.nextInt(3));
        Demand demand = new Demand(1, 1, 1 + random.nextInt(20), 1, true, false);
        open.add(new Open(admission.reservation(client, "r", demand), new ArrayList<>()));
      } else if (!open.isEmpty() && random.nextInt(3) > 0) {
        Open one = open.get(random.nextInt(open.size()));
        Decision decision =
            one.reservation().attempt(targets.get(random.nextInt(3)), System.nanoTime());
        if (decision instanceof Share share) {
          one.shares().add(share);
        }
      } else if (!open.isEmpty()) {
        Open one = open.remove(random.nextInt(open.size()));
        for (Share share : one.shares()) {
          if (random.nextInt(50) == 0) {
            long cost = random.nextLong(share.heldNanoUsd() / 100 + 1);
            share.settle(output(1), UsageSource.REPORTED, cost, Outcome.COMPLETED);
            spent += cost;
            settled.incrementAndGet();
          } else {
            share.release();
          }
        }
        one.reservation().end();
      }
    }
    for (Open one : open) {
      one.shares().forEach(Share::release);
      one.reservation().end();
    }
    return spent;
  }
}
