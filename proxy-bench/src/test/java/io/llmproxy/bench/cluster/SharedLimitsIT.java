package io.llmproxy.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.config.ClusterSettings;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.limit.Refusal;
import io.llmproxy.proxy.limit.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// All proxies together let no more pass than a limit has, and nearly all that it has, whichever of
/// them is asked. Each test has a Redis of its own, and mostly waits for it.
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
final class SharedLimitsIT {

  @TempDir Path directory;

  private final PeriodClock clock = new PeriodClock(System::nanoTime, 1_781_523_000_000L, 0);
  private final List<Cluster> clusters = new ArrayList<>();
  private RedisProcess redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory);
  }

  @AfterEach
  void stop() {
    clusters.forEach(Cluster::close);
    redis.close();
  }

  private Cluster cluster(String name) {
    ClusterSettings settings =
        new ClusterSettings("127.0.0.1", redis.port(), false, 0, null, null, "test", name);
    Cluster cluster = Cluster.start(settings, 0, false, clock);
    clusters.add(cluster);
    return cluster;
  }

  private static Scope scope(Cluster cluster, RateSettings rates) {
    return Scope.shared("all callers", "limit:all callers", rates, cluster);
  }

  private List<Scope> three(RateSettings rates) {
    List<Scope> scopes = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      scopes.add(scope(cluster(name), rates));
    }
    clusters.forEach(Cluster::awaitFirst);
    return scopes;
  }

  /// Asks all of them in turn for so long; how many requests passed.
  private static long ask(List<Scope> scopes, long tokens, Duration time)
      throws InterruptedException {
    long passed = 0;
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      boolean any = false;
      for (Scope each : scopes) {
        if (each.take(tokens, System.nanoTime()) == null) {
          passed++;
          any = true;
        }
      }
      if (!any) {
        Thread.sleep(2);
      }
    }
    return passed;
  }

  /// What may have passed of `limit` a minute since `begun`.
  private static long most(long limit, long begun) {
    return limit + (long) (limit * (System.nanoTime() - begun) / 60e9) + 1;
  }

  @Test
  void threeLetPassNoMoreThanOneWould() throws Exception {
    List<Scope> scopes = three(new RateSettings(600, 0, 0));
    long begun = System.nanoTime();
    long passed = ask(scopes, 0, Duration.ofSeconds(6));
    System.out.println("three proxies, 600 a minute, 6 s: " + passed);
    assertThat(passed).isBetween(600L, most(600, begun));
  }

  @Test
  void oneThatIsAskedAloneGetsWhatTheOthersDoNotUse() throws Exception {
    List<Scope> scopes = three(new RateSettings(600, 0, 0));
    long begun = System.nanoTime();
    long passed = ask(scopes.subList(1, 2), 0, Duration.ofSeconds(4));
    System.out.println("one of three proxies, 600 a minute, 4 s: " + passed);
    assertThat(passed).isBetween(590L, most(600, begun));
  }

  @Test
  void aRequestOfNearlyAllTokensPassesWhicheverProxyItComesTo() throws Exception {
    List<Scope> scopes = three(new RateSettings(0, 10_000, 0));
    long begun = System.nanoTime();
    assertThat(ask(scopes, 3_000, Duration.ofSeconds(5)) * 3_000)
        .isBetween(9_000L, most(10_000, begun));
  }

  @Test
  void whatWasEstimatedTooHighComesBackForAll() throws Exception {
    List<Scope> scopes = three(new RateSettings(0, 10_000, 0));
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Scope one = scopes.getFirst();
    while (one.take(8_000, System.nanoTime()) != null && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    one.end(-7_000);
    Refusal refusal = scopes.getLast().take(8_000, System.nanoTime());
    while (refusal != null && System.nanoTime() < end) {
      Thread.sleep(5);
      refusal = scopes.getLast().take(8_000, System.nanoTime());
    }
    assertThat(refusal).isNull();
  }

  @Test
  void withoutRedisEachHasItsPart() throws Exception {
    List<Scope> scopes = three(new RateSettings(600, 0, 0));
    long begun = System.nanoTime();
    long before = ask(scopes, 0, Duration.ofSeconds(2));
    redis.kill();
    long without = ask(scopes, 0, Duration.ofSeconds(6));
    System.out.println(
        "600 a minute: " + before + " in 2 s, then without Redis in 6 s: " + without);
    assertThat(before + without).isLessThanOrEqualTo(most(600, begun));
    assertThat(without).isGreaterThan(30);
    redis.start();
    long after = ask(scopes, 0, Duration.ofSeconds(8));
    assertThat(before + without + after).isLessThanOrEqualTo(most(600, begun));
    assertThat(after).isGreaterThan(20);
  }

  @Test
  void aRedisThatLosesAllItKnewGivesNoSecondBurst() throws Exception {
    List<Scope> scopes = three(new RateSettings(600, 0, 0));
    long begun = System.nanoTime();
    long passed = ask(scopes, 0, Duration.ofSeconds(3));
    for (int i = 0; i < 3; i++) {
      redis.command("FLUSHALL");
      passed += ask(scopes, 0, Duration.ofSeconds(2));
    }
    passed += ask(scopes, 0, Duration.ofSeconds(5));
    assertThat(passed).isBetween(600L, most(600, begun));
  }

  @Test
  void aLimitThatNobodyHeardOfLetsTheFirstRequestPass() {
    List<Scope> scopes = three(new RateSettings(600, 0, 0));
    RateSettings rates = new RateSettings(20, 20_000, 10);
    int at = 0;
    for (Cluster each : clusters) {
      Scope fresh = Scope.shared("address", "limit:address 1.2.3." + at++, rates, each);
      assertThat(fresh.take(900, System.nanoTime())).isNull();
    }
    assertThat(scopes).hasSize(3);
  }

  @Test
  void whileAStoreLearnsWhoHasWhatAFewStillPass() throws Exception {
    Scope fresh = scope(cluster("a"), new RateSettings(600, 0, 100));
    // A new Redis lends nothing for three seconds.
    assertThat(ask(List.of(fresh), 0, Duration.ofMillis(1_500))).isBetween(1L, 60L);
    Thread.sleep(3_000);
    assertThat(ask(List.of(fresh), 0, Duration.ofSeconds(2))).isGreaterThan(30);
  }

  @Test
  void slotsOfAllTogetherAreAsManyAsThereAre() throws Exception {
    List<Scope> scopes = three(new RateSettings(0, 0, 12));
    Scope one = scopes.getFirst();
    assertThat(ask(scopes, 0, Duration.ofSeconds(2))).isEqualTo(12);
    scopes.forEach(each -> {
      while (taken(each) > 0) {
        each.giveBack(0);
      }
    });
    // Whoever comes gets those that the others gave back.
    assertThat(ask(List.of(one), 0, Duration.ofSeconds(8))).isEqualTo(12);
    assertThat(ask(scopes, 0, Duration.ofSeconds(1))).isZero();
  }

  private static long taken(Scope scope) {
    return scope.concurrent() == null ? 0 : scope.concurrent().taken();
  }
}
