package io.llmproxy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.RetrySettings;
import io.llmproxy.proxy.config.RouteSettings;
import io.llmproxy.proxy.config.RouteSettings.Resume;
import io.llmproxy.proxy.config.RouteSettings.Strategy;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RouteTest {

  static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          0);
  static final RetrySettings RETRY =
      new RetrySettings(3, Duration.ofMillis(1), Duration.ofMillis(2), 10);

  private static final long NOW = 1_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  @Test
  void targetsThatAreNotWellComeLast() {
    Route route = route(Strategy.ORDERED, 1, 1, 1);
    fail(route.first(), 5);
    assertThat(names(route, 0, NOW)).containsExactly("b", "c", "a");
  }

  @Test
  void aTargetThatIsNotWellIsProbedByOneRequestAtATime() {
    Route route = route(Strategy.ORDERED, 1, 1);
    fail(route.first(), 5);
    assertThat(names(route, 0, NOW + SECOND)).containsExactly("a", "b");
    assertThat(names(route, 0, NOW + SECOND)).containsExactly("b", "a");
  }

  @Test
  void aTargetIsBackAfterOneSuccess() {
    Route route = route(Strategy.ORDERED, 1, 1);
    fail(route.first(), 5);
    route.first().health().succeeded();
    assertThat(names(route, 0, NOW)).containsExactly("a", "b");
  }

  @Test
  void whereNoneIsWellTheOrderStays() {
    Route route = route(Strategy.ORDERED, 1, 1, 1);
    route.targets().forEach(target -> fail(target, 5));
    assertThat(names(route, 0, NOW)).containsExactly("a", "b", "c");
  }

  @Test
  void weightsGiveEachTargetItsShareOfThePrompts() {
    Route route = route(Strategy.WEIGHTED, 3, 1, 0);
    Random random = new Random(7);
    int[] firsts = new int[3];
    for (int i = 0; i < 20_000; i++) {
      firsts[names(route, random.nextLong(), NOW).getFirst().charAt(0) - 'a']++;
    }
    assertThat(firsts[0]).isBetween(14_500, 15_500);
    assertThat(firsts[1]).isBetween(4_500, 5_500);
    assertThat(firsts[2]).isZero();
  }

  @Test
  void theSamePromptGoesToTheSameTargetAndLeavesItOnlyWhileThatIsNotWell() {
    Route route = route(Strategy.WEIGHTED, 1, 1, 1);
    List<Long> moved = new ArrayList<>();
    for (long prompt = 0; prompt < 300; prompt++) {
      String before = names(route, prompt, NOW).getFirst();
      fail(route.first(), 5);
      String after = names(route, prompt, NOW).getFirst();
      route.first().health().succeeded();
      assertThat(names(route, prompt, NOW).getFirst()).isEqualTo(before);
      if (!before.equals(after)) {
        moved.add(prompt);
        assertThat(before).isEqualTo("a");
      }
    }
    assertThat(moved).hasSizeBetween(60, 140);
  }

  @Test
  void theFastestIsAskedFirstButNotAlways() {
    Route route = route(Strategy.FASTEST, 1, 1, 1);
    IntStream.range(0, 3).forEach(i -> route.targets().get(i).health().firstToken(300 - 100 * i));
    long fastest =
        Stream.generate(() -> names(route, 0, NOW).getFirst())
            .limit(2_000)
            .filter("c"::equals)
            .count();
    assertThat(fastest).isBetween(1_850L, 1_995L);
  }

  @Test
  void aTargetThatIsFullIsAskedAfterThoseWithRoom() {
    Route route = route(Strategy.ORDERED, 1, 1);
    Target first = route.targets().getFirst();
    int room = 0;
    for (; !first.isFull(); room++) {
      assertThat(names(route, 0, NOW)).containsExactly("a", "b");
      first.begin(0);
    }
    assertThat(room).isGreaterThan(Crowd.LEAST);
    assertThat(names(route, 0, NOW)).containsExactly("b", "a");
    first.end(0);
    assertThat(names(route, 0, NOW)).containsExactly("a", "b");
  }

  private static List<String> names(Route route, long prompt, long now) {
    return Stream.of(route.order(prompt, now)).map(Target::model).toList();
  }

  private static void fail(Target target, int times) {
    for (int i = 0; i < times; i++) {
      target.health().failed(NOW);
    }
  }

  private static Route route(Strategy strategy, int... weights) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      targets.add(target(String.valueOf((char) ('a' + i)), new Keys(new int[] {1})));
    }
    RouteSettings settings =
        new RouteSettings("m", List.of(), strategy, RETRY, null, Resume.OFF, true);
    return new Route(targets, weights, settings);
  }

  static Target target(String name, Keys keys) {
    return new Target(
        "p",
        0,
        ProviderModel.of(ProviderApi.OPENAI, name),
        null,
        TIMEOUTS,
        OnDisconnect.CANCEL,
        new TargetHealth(new Crowd()),
        new Allowance(10, 10, NOW),
        keys,
        keys.notes());
  }
}
