package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.RouteSettings.HedgeSettings;
import io.llmproxy.proxy.config.RouteSettings.Resume;
import io.llmproxy.proxy.config.RouteSettings.Strategy;
import io.llmproxy.proxy.config.RouteSettings.TargetSettings;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads `routes`. Targets of a provider that is left out are dropped with a warning.
final class RoutesReader {
  private static final Syntax<Strategy> STRATEGY =
      Syntax.oneOf(Strategy.ORDERED, Strategy.WEIGHTED, Strategy.FASTEST);
  private static final Syntax<Resume> RESUME =
      Syntax.oneOf(Resume.OFF, Resume.AGREED_PREFIX, Resume.PREFILL);
  private static final Syntax<Integer> PERCENT = Scalars.count(0, 100);
  private static final int USUAL_MAX_EXTRA_PERCENT = 5;

  /// ZERO stands for `auto`.
  private static final Syntax<Duration> AFTER =
      new Syntax<>(
          "auto, or a duration such as 250ms or 2s",
          text -> text.equals("auto") ? Duration.ZERO : Scalars.DURATION.read(text));

  private static final Syntax<Integer> WEIGHT = Scalars.count(0, 1_000_000);
  private static final Syntax<String> TARGET =
      new Syntax<>("provider/model, such as openai/gpt-4o", RoutesReader::target);

  private final Providers providers;
  private final RetrySettings retry;
  private final Set<String> models = new HashSet<>();

  private RoutesReader(Providers providers, RetrySettings retry) {
    this.providers = providers;
    this.retry = retry;
  }

  /// @param retry of routes that have none of their own
  static List<RouteSettings> read(YamlSection root, Providers providers, RetrySettings retry) {
    RoutesReader reader = new RoutesReader(providers, retry);
    List<RouteSettings> routes = new ArrayList<>();
    for (YamlValue item : root.items("routes")) {
      RouteSettings route = reader.route(item);
      if (route != null) {
        routes.add(route);
      }
    }
    return List.copyOf(routes);
  }

  private @Nullable RouteSettings route(YamlValue item) {
    YamlSection section =
        item.section(
            "model",
            "targets",
            "strategy",
            "hedge",
            "resume",
            "adaptive_concurrency",
            "retry",
            "timeouts");
    String model = section.need("model", Scalars.TEXT);
    if (model != null && !models.add(model)) {
      item.problem("a second route for " + Shown.quoted(model));
    }
    Strategy strategy = section.read("strategy", STRATEGY, Strategy.ORDERED);
    RetrySettings own = RetryReader.read(section, retry);
    HedgeSettings hedge = hedge(section);
    Resume resume = section.read("resume", RESUME, Resume.OFF);
    boolean adaptive = section.read("adaptive_concurrency", Scalars.BOOLEAN, false);
    UnaryOperator<Timeouts> timeouts = TimeoutsReader.read(section);
    YamlValue value = section.get("targets");
    if (value == null) {
      item.keyProblem("needs targets (a list of provider/model)");
      return null;
    }
    List<TargetSettings> targets = targets(value, strategy, timeouts);
    if (targets.isEmpty()) {
      value.warn("none can be used, so the route is left out");
    }
    return model == null || targets.isEmpty()
        ? null
        : new RouteSettings(model, targets, strategy, own, hedge, resume, adaptive);
  }

  private static @Nullable HedgeSettings hedge(YamlSection route) {
    YamlSection section = route.section("hedge", "after", "max_extra");
    if (section == null) {
      return null;
    }
    Duration after = section.read("after", AFTER, Duration.ZERO);
    return new HedgeSettings(
        after.isZero() ? null : after, section.read("max_extra", PERCENT, USUAL_MAX_EXTRA_PERCENT));
  }

  private List<TargetSettings> targets(
      YamlValue list, Strategy strategy, UnaryOperator<Timeouts> timeouts) {
    List<YamlValue> items = list.items();
    if (items.isEmpty()) {
      list.problem("needs at least one provider/model");
    }
    List<TargetSettings> targets = new ArrayList<>();
    boolean weighted = false;
    for (YamlValue item : items) {
      @Nullable YamlValue place = item;
      int weight = 1;
      if (item.isMapping()) {
        YamlSection section = item.section("target", "weight");
        weighted |= section.get("weight") != null;
        weight = section.read("weight", WEIGHT, 1);
        place = section.get("target");
      }
      if (place == null) {
        item.problem("needs target (provider/model)");
        continue;
      }
      String target = place.read(TARGET);
      if (target != null && isUsable(target, place)) {
        targets.add(new TargetSettings(target, weight, timeouts.apply(timeoutsOf(target))));
      }
    }
    if (weighted && strategy != Strategy.WEIGHTED) {
      list.warn("weight matters to the strategy weighted only");
    }
    return List.copyOf(targets);
  }

  private Timeouts timeoutsOf(String target) {
    String name = target.substring(0, target.indexOf('/'));
    for (ProviderSettings provider : providers.usable()) {
      if (provider.name().equals(name)) {
        return provider.timeouts();
      }
    }
    return TimeoutsReader.DEFAULTS;
  }

  private boolean isUsable(String target, YamlValue value) {
    String provider = target.substring(0, target.indexOf('/'));
    if (providers.leftOut().contains(provider)) {
      value.warn("dropped, as the provider " + provider + " is left out");
      return false;
    }
    if (!providers.named().contains(provider)) {
      value.problem(
          "no provider "
              + Shown.quoted(provider)
              + " under providers"
              + Suggestion.of(provider, providers.named()));
      return false;
    }
    return true;
  }

  /// The model's own name may hold slashes; the provider's may not.
  private static @Nullable String target(String text) {
    int slash = text.indexOf('/');
    boolean good = slash > 0 && slash < text.length() - 1 && !Scalars.hasControl(text);
    return good ? text : null;
  }
}
