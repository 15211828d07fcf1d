package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.RouteSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `routes`. Targets of a provider that is left out are dropped with a warning.
final class RoutesReader {
  private static final Syntax<String> STRATEGY = Syntax.word("ordered", "weighted", "fastest");
  private static final Syntax<Integer> WEIGHT = Scalars.count(0, 1_000_000);
  private static final Syntax<String> TARGET =
      new Syntax<>("provider/model, such as openai/gpt-4o", RoutesReader::target);

  private final Providers providers;
  private final Set<String> models = new HashSet<>();

  private RoutesReader(Providers providers) {
    this.providers = providers;
  }

  static List<RouteSettings> read(YamlSection root, Providers providers) {
    RoutesReader reader = new RoutesReader(providers);
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
        item.section("model", "targets", "strategy", "hedge", "resume", "retry", "timeouts");
    String model = section.need("model", Scalars.TEXT);
    if (model != null && !models.add(model)) {
      item.problem("a second route for " + Shown.quoted(model));
    }
    String strategy = section.read("strategy", STRATEGY, "ordered");
    if (!strategy.equals("ordered")) {
      item.warn("strategy " + strategy + ": read, not enforced by this version");
    }
    UnenforcedReader.route(section);
    YamlValue value = section.get("targets");
    if (value == null) {
      item.keyProblem("needs targets (a list of provider/model)");
      return null;
    }
    List<String> targets = targets(value, strategy.equals("ordered"));
    if (targets.size() > 1) {
      value.warn("the first is used; the others are read, not used by this version");
    }
    if (targets.isEmpty()) {
      value.warn("none can be used, so the route is left out");
    }
    return model == null || targets.isEmpty() ? null : new RouteSettings(model, targets);
  }

  private List<String> targets(YamlValue list, boolean ordered) {
    List<YamlValue> items = list.items();
    if (items.isEmpty()) {
      list.problem("needs at least one provider/model");
    }
    List<String> targets = new ArrayList<>();
    boolean weighted = false;
    for (YamlValue item : items) {
      @Nullable YamlValue place = item;
      if (item.isMapping()) {
        YamlSection section = item.section("target", "weight");
        weighted |= section.read("weight", WEIGHT) != null;
        place = section.get("target");
      }
      if (place == null) {
        item.problem("needs target (provider/model)");
        continue;
      }
      String target = place.read(TARGET);
      if (target != null && isUsable(target, place)) {
        targets.add(target);
      }
    }
    if (weighted && ordered) {
      list.warn("weight is read, but the strategy is ordered");
    }
    return List.copyOf(targets);
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
