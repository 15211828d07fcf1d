package io.llmproxy.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.budget.Account;
import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.budget.Period;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.config.ClusterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Whatever becomes of Redis and of what is said to it, all proxies together hold no more than a
/// budget has. Each has a Redis of its own, and mostly waits for it: so they run side by side.
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class LeasesIT {
  private static final long DOLLAR = 1_000_000_000L;

  /// The middle of an hour, a day and a month.
  private static final long NOON = 1_781_523_000_000L;

  @TempDir Path directory;

  private final PeriodClock clock = new PeriodClock(System::nanoTime, NOON, 0);
  private final List<Node> nodes = new ArrayList<>();
  private RedisProcess redis;

  /// One proxy's part.
  private record Node(Cluster cluster, Budget budget) {
    Account account() {
      return budget.account(NOON);
    }

    boolean hold(long nanoUsd) {
      return budget.hold(account(), nanoUsd);
    }
  }

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory);
  }

  @AfterEach
  void stop() throws Exception {
    nodes.forEach(node -> node.cluster().close());
    redis.close();
  }

  private Node node(String name, long limit, long soft, long spent) {
    return node(name, limit, soft, spent, true);
  }

  private Node node(String name, long limit, long soft, long spent, boolean remembers) {
    ClusterSettings settings =
        new ClusterSettings("127.0.0.1", redis.port(), false, 0, null, null, "test", name);
    Cluster cluster = Cluster.start(settings, 0, remembers, clock);
    Budget budget = new Budget("all callers", Period.DAY, limit, spent, NOON);
    cluster.share(budget, soft);
    Node node = new Node(cluster, budget);
    nodes.add(node);
    return node;
  }

  private long committed() {
    return nodes.stream().mapToLong(node -> node.account().committed()).sum();
  }

  /// Holds `each` again and again, as callers do that come back.
  private static void holdUntil(BooleanSupplier enough, Node node, long each)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!enough.getAsBoolean() && System.nanoTime() < end) {
      if (!node.hold(each)) {
        Thread.sleep(20);
      }
    }
    assertThat(enough.getAsBoolean()).isTrue();
  }

  private static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  @Test
  void oneProxyAloneGetsAllOfIt() throws Exception {
    Node only = node("a", 5 * DOLLAR, 0, 0);
    holdUntil(() -> committed() == 5 * DOLLAR, only, DOLLAR / 10);
    assertThat(only.hold(1)).isFalse();
  }

  @Test
  void whatOneDoesNotUseTheOtherGetsToTheLastCent() throws Exception {
    Node one = node("a", 5 * DOLLAR, 0, 0);
    node("b", 5 * DOLLAR, 0, 0);
    holdUntil(() -> committed() == 5 * DOLLAR, one, DOLLAR / 10);
  }

  @Test
  void twoThatBothHaveTooLittleForOneMoreDoNotStarve() throws Exception {
    Node one = node("a", DOLLAR, 0, 0);
    Node two = node("b", DOLLAR, 0, 0);
    Thread other =
        Thread.startVirtualThread(() -> {
          try {
            holdUntil(() -> committed() == DOLLAR, two, DOLLAR / 4);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    holdUntil(() -> committed() == DOLLAR, one, DOLLAR / 4);
    other.join();
    assertThat(committed()).isEqualTo(DOLLAR);
  }

  @Test
  void whileRedisIsAwayALeaseIsUsedUpAndNoMore() throws Exception {
    Node one = node("a", 6 * DOLLAR, 0, 0);
    Node two = node("b", 6 * DOLLAR, 0, 0);
    until("both have a lease", () -> one.account().left() > 0 && two.account().left() > 0);
    redis.kill();
    long lent = one.account().left() + two.account().left();
    for (Node node : List.of(one, two)) {
      while (node.hold(DOLLAR / 100)) {
        assertThat(committed()).isLessThanOrEqualTo(lent);
      }
    }
    assertThat(committed()).isGreaterThan(lent - DOLLAR / 50);
    redis.start();
    holdUntil(() -> committed() == 6 * DOLLAR, one, DOLLAR / 100);
    assertThat(two.hold(DOLLAR / 100)).isFalse();
  }

  @Test
  void aSoftBudgetGoesOnWithoutRedisToItsBoundAndIsCountedAfterwards() throws Exception {
    Node one = node("a", 2 * DOLLAR, DOLLAR, 0);
    until("it has a lease", () -> one.account().left() > 0);
    long lent = one.account().left();
    redis.kill();
    holdUntil(() -> committed() > lent - DOLLAR / 100, one, DOLLAR / 100);
    holdUntil(() -> committed() > lent + DOLLAR - DOLLAR / 50, one, DOLLAR / 100);
    // It asks for Redis again and again meanwhile, and each time in vain.
    keepHolding(one, DOLLAR / 100, Duration.ofMillis(3_500));
    assertThat(committed()).isLessThanOrEqualTo(lent + DOLLAR);
    redis.start();
    holdUntil(() -> committed() > 2 * DOLLAR - DOLLAR / 50, one, DOLLAR / 100);
    Thread.sleep(300);
    assertThat(one.hold(DOLLAR / 10)).isFalse();
  }

  private static void keepHolding(Node node, long each, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      node.hold(each);
      Thread.sleep(5);
    }
  }

  @Test
  void whatWasSpentBeyondALeaseIsNotLentAgainWhenRedisComesAndGoes() throws Exception {
    Node one = node("a", DOLLAR, DOLLAR, 0);
    holdUntil(() -> committed() == DOLLAR, one, DOLLAR / 10);
    for (int i = 0; i < 2; i++) {
      redis.kill();
      keepHolding(one, DOLLAR / 10, Duration.ofSeconds(3));
      assertThat(committed()).isEqualTo(2 * DOLLAR);
      redis.start();
      keepHolding(one, DOLLAR / 10, Duration.ofSeconds(4));
      assertThat(committed()).isEqualTo(2 * DOLLAR);
    }
  }

  @Test
  void aRedisThatLosesAllItKnewIsToldAgainAndLendsNothingTwice() throws Exception {
    Node one = node("a", 3 * DOLLAR, 0, 0);
    holdUntil(() -> committed() >= 2 * DOLLAR, one, DOLLAR / 10);
    redis.command("FLUSHALL");
    Node late = node("b", 3 * DOLLAR, 0, 0);
    holdUntil(() -> committed() == 3 * DOLLAR, late, DOLLAR / 10);
    Thread.sleep(500);
    assertThat(one.hold(DOLLAR / 10)).isFalse();
    assertThat(late.hold(DOLLAR / 10)).isFalse();
  }

  private void assertLateTakesTheRestOfThreeDollars(Node early) throws InterruptedException {
    Node late = node("b", 3 * DOLLAR, 0, 0);
    holdUntil(() -> committed() == 3 * DOLLAR, late, DOLLAR / 10);
    keepHolding(early, DOLLAR / 10, Duration.ofMillis(500));
    assertThat(committed()).isEqualTo(3 * DOLLAR);
  }

  @Test
  void aRedisThatWasSetBackLendsNothingTwice() throws Exception {
    Node one = node("a", 3 * DOLLAR, 0, 0);
    holdUntil(() -> committed() >= DOLLAR, one, DOLLAR / 10);
    redis.command("SAVE");
    holdUntil(() -> committed() >= 5 * DOLLAR / 2, one, DOLLAR / 10);
    redis.kill();
    redis.start();
    assertLateTakesTheRestOfThreeDollars(one);
  }

  @Test
  void aRedisThatDropsOneBudgetLendsNothingTwice() throws Exception {
    Node one = node("a", 3 * DOLLAR, 0, 0);
    holdUntil(() -> committed() >= 2 * DOLLAR, one, DOLLAR / 10);
    long day = Period.DAY.startOf(NOON);
    String key = "\"{llmproxy:test}:budget:all callers:daily:" + day + "\"";
    assertThat(redis.command("DEL " + key)).startsWith(":1");
    assertLateTakesTheRestOfThreeDollars(one);
  }

  @Test
  void oneThatRemembersNothingLeavesSpentWhatItsForerunnerHad() throws Exception {
    Node first = node("a", DOLLAR, 0, 0, false);
    holdUntil(() -> committed() >= DOLLAR / 2, first, DOLLAR / 10);
    // Nothing is known here of what that one spent.
    Node second = node("a", DOLLAR, 0, 0, false);
    keepHolding(second, DOLLAR / 100, Duration.ofSeconds(2));
    assertThat(committed()).isBetween(DOLLAR / 2, DOLLAR);
  }

  @Test
  void aProxyThatBeginsAgainTakesOverWhatItHeld() throws Exception {
    Node first = node("a", DOLLAR, 0, 0);
    holdUntil(() -> committed() >= DOLLAR / 2, first, DOLLAR / 10);
    long spent = first.account().committed();
    // It dies: nothing is given back, and its ledger knows what was spent.
    Node second = node("a", DOLLAR, 0, spent);
    nodes.remove(first);
    holdUntil(() -> committed() == DOLLAR, second, DOLLAR / 10);
    until("the one before is told that it is not any more", () -> first.account().left() == 0);
    assertThat(first.hold(DOLLAR / 10)).isFalse();
    first.cluster().close();
  }

  @Test
  void throughKillsPausesAndLossesTheSumIsNeverPassedAndNearlyAllIsUsable() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("leases: -Dseed=" + seed);
    RandomGenerator random =
        RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(seed);
    long limit = 100 * DOLLAR;
    List<Thread> callers = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    for (String name : List.of("a", "b", "c")) {
      Node node = node(name, limit, 0, 0);
      RandomGenerator own =
          RandomGeneratorFactory.<RandomGenerator>of("L64X128MixRandom").create(random.nextLong());
      callers.add(Thread.startVirtualThread(() -> spend(node, own, over)));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(9);
    while (System.nanoTime() < end) {
      Thread.sleep(random.nextInt(200, 900));
      disturb(random.nextInt(4));
      assertThat(committed()).isLessThanOrEqualTo(limit);
    }
    holdUntil(() -> committed() > limit - DOLLAR, nodes.getFirst(), DOLLAR / 100);
    over.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(committed()).isLessThanOrEqualTo(limit);
  }

  /// What is held stays spent.
  private static void spend(Node node, RandomGenerator random, AtomicBoolean over) {
    while (!over.get()) {
      node.hold(random.nextLong(1, DOLLAR / 20));
      try {
        Thread.sleep(random.nextInt(1, 8));
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void disturb(int how) throws Exception {
    switch (how) {
      case 0 -> {
        redis.kill();
        Thread.sleep(100);
        redis.start();
      }
      case 1 -> {
        redis.pause();
        Thread.sleep(300);
        redis.resume();
      }
      case 2 -> redis.command("FLUSHALL");
      default -> redis.command("CLIENT KILL TYPE normal");
    }
  }
}
