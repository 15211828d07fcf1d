package io.llmproxy.proxy.route;

import io.llmproxy.proxy.config.RetrySettings;
import io.llmproxy.proxy.config.RouteSettings;
import io.llmproxy.proxy.config.RouteSettings.HedgeSettings;
import io.llmproxy.proxy.config.RouteSettings.Resume;
import io.llmproxy.proxy.config.RouteSettings.Strategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What answers to a name: targets, and in what order they are asked. Used by any thread.
public final class Route {

  /// How often, of requests by the strategy FASTEST, another target than the fastest is asked
  /// first, so that a target that has become fast is found.
  private static final int EXPLORED_ONE_IN = 20;

  private static final int HEDGES_AT_FIRST = 2;

  private final Target[] targets;
  private final int[] weights;
  private final Strategy strategy;
  private final RetrySettings retry;
  private final @Nullable HedgeSettings hedge;
  private final Allowance hedges;
  private final Resume resume;
  private final boolean adaptive;
  private final boolean asksForPrompt;

  /// @param weights of the targets, in their order
  Route(List<Target> targets, int[] weights, RouteSettings settings) {
    this.targets = targets.toArray(new Target[0]);
    this.weights = weights;
    this.strategy = settings.strategy();
    this.retry = settings.retry();
    this.hedge = settings.hedge();
    this.hedges =
        new Allowance(
            hedge == null ? 0 : hedge.maxExtraPercent(), HEDGES_AT_FIRST, System.nanoTime());
    this.resume = settings.resume();
    this.adaptive = settings.adaptive();
    this.asksForPrompt =
        (strategy == Strategy.WEIGHTED && targets.size() > 1)
            || targets.stream().anyMatch(target -> target.keys().size() > 1);
  }

  static Route to(Target target, RetrySettings retry) {
    return new Route(
        List.of(target),
        new int[] {1},
        new RouteSettings(
            target.model(), List.of(), Strategy.ORDERED, retry, null, Resume.OFF, false));
  }

  /// The target that comes first by the configuration alone.
  public Target first() {
    return targets[0];
  }

  public List<Target> targets() {
    return List.of(targets);
  }

  public RetrySettings retry() {
    return retry;
  }

  /// Null where requests are not hedged.
  public @Nullable HedgeSettings hedge() {
    return hedge;
  }

  /// How many requests may be hedged.
  public Allowance hedges() {
    return hedges;
  }

  public Resume resume() {
    return resume;
  }

  /// Whether the order of targets, or the key that one is shown, depends on the prompt.
  public boolean asksForPrompt() {
    return asksForPrompt;
  }

  /// The targets in the order in which one request is to try them: by the strategy, but last those
  /// that are full, where that counts, behind them those that are not well, and behind these those
  /// whose keys are all at their limits.
  ///
  /// @param prompt a hash of the prompt's beginning, so that a conversation stays where its cache
  ///   is
  public Target[] order(long prompt, long now) {
    if (targets.length == 1) {
      return targets;
    }
    Target[] order =
        switch (strategy) {
          case ORDERED -> targets.clone();
          case WEIGHTED -> byWeight(prompt);
          case FASTEST -> bySpeed();
        };
    Target[] roomFirst = adaptive ? last(order, Target::isFull) : order;
    // A target whose breaker is open is asked first once in a while: only this finds it well.
    Target[] wellFirst = last(roomFirst, target -> !target.health().admits(now));
    return last(wellFirst, target -> target.isResting(target.key(prompt, now), now));
  }

  /// The targets of which `unwanted` is true behind the others; else as they were.
  private static Target[] last(Target[] order, Predicate<Target> unwanted) {
    List<Target> sorted = new ArrayList<>(order.length);
    List<Target> behind = new ArrayList<>(0);
    for (Target target : order) {
      (unwanted.test(target) ? behind : sorted).add(target);
    }
    sorted.addAll(behind);
    return sorted.toArray(new Target[0]);
  }

  /// By weighted rendezvous hashing: each target has its share of the prompts, and one that is left
  /// out gives its share to the others without moving theirs.
  private Target[] byWeight(long prompt) {
    double[] scores = new double[targets.length];
    Integer[] places = new Integer[targets.length];
    for (int i = 0; i < targets.length; i++) {
      places[i] = i;
      scores[i] = score(prompt, i, weights[i]);
    }
    Arrays.sort(places, (a, b) -> Double.compare(scores[b], scores[a]));
    Target[] order = new Target[targets.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = targets[places[i]];
    }
    return order;
  }

  static double score(long prompt, int place, int weight) {
    long mixed = mix(prompt + 0x9E3779B97F4A7C15L * (place + 1));
    double uniform = ((mixed >>> 11) + 0.5) * 0x1.0p-53;
    return weight == 0 ? Double.NEGATIVE_INFINITY : -weight / Math.log(uniform);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  private Target[] bySpeed() {
    Target[] order = targets.clone();
    long[] times = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      times[i] = order[i].health().averageFirstTokenNanos();
      // Insertion: a route has few targets. An unknown time, −1, comes first and becomes known.
      for (int j = i; j > 0 && times[j] < times[j - 1]; j--) {
        long time = times[j];
        times[j] = times[j - 1];
        times[j - 1] = time;
        Target target = order[j];
        order[j] = order[j - 1];
        order[j - 1] = target;
      }
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextInt(EXPLORED_ONE_IN) == 0) {
      int other = random.nextInt(order.length);
      Target target = order[other];
      order[other] = order[0];
      order[0] = target;
    }
    return order;
  }
}
