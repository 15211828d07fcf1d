package io.llmproxy.proxy.route;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Prices;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.RetrySettings;
import io.llmproxy.proxy.config.RouteSettings;
import io.llmproxy.proxy.config.RouteSettings.TargetSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// From the name a caller asks for to the targets that answer: a route of that name, else an alias,
/// else a model listed under a provider, else `provider/model`, else a unique well-known prefix.
/// Immutable; used by any thread.
public final class Routes {

  private static final Map<String, ProviderApi> PREFIXES = prefixes();

  /// A name callers may ask for, and where it goes.
  public record Entry(String name, Route route) {}

  /// How many routes are kept that the configuration does not spell out. A caller could name others
  /// without end; those are made anew for each request.
  private static final int MOST_KEPT = 4096;

  private static final int REPEATS_AT_FIRST = 10;

  private final List<ProviderSettings> providers;
  private final Prices prices;
  private final RetrySettings retry;
  private final List<Allowance> repeats;
  private final List<Keys> keys;

  /// Whether a route asks how much its targets bear.
  private final boolean adaptive;

  private final Map<String, Target> targets = new ConcurrentHashMap<>();
  private final Map<String, Route> byName = new LinkedHashMap<>();
  private final Map<String, Route> kept = new ConcurrentHashMap<>();

  /// @param retry of names that are no configured route's
  public Routes(
      List<ProviderSettings> providers,
      List<RouteSettings> routes,
      RetrySettings retry,
      Prices prices) {
    this.providers = List.copyOf(providers);
    this.prices = prices;
    this.retry = retry;
    long now = System.nanoTime();
    this.repeats =
        providers.stream()
            .map(_ -> new Allowance(retry.budgetPercent(), REPEATS_AT_FIRST, now))
            .toList();
    this.keys =
        providers.stream()
            .map(each -> new Keys(each.apiKeys().stream().mapToInt(ApiKey::weight).toArray()))
            .toList();
    this.adaptive = routes.stream().anyMatch(RouteSettings::adaptive);
    routes.forEach(this::addRoute);
    for (int i = 0; i < providers.size(); i++) {
      addAliases(providers.get(i), i);
    }
    for (int i = 0; i < providers.size(); i++) {
      addModels(providers.get(i), i);
    }
  }

  /// The route of a name, or null where nothing answers to it.
  public @Nullable Route find(String name) {
    Route route = byName.get(name);
    if (route == null) {
      route = kept.get(name);
    }
    return route == null ? make(name) : route;
  }

  private @Nullable Route make(String name) {
    Target qualified = qualified(name);
    Target target = qualified == null ? byPrefix(name) : qualified;
    if (target == null) {
      return null;
    }
    Route route = Route.to(target, retry);
    if (kept.size() < MOST_KEPT) {
      kept.put(name, route);
    }
    return route;
  }

  /// The names callers may ask for that the configuration spells out, in its order.
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    byName.forEach((name, route) -> entries.add(new Entry(name, route)));
    return entries;
  }

  private void addRoute(RouteSettings route) {
    List<Target> found = new ArrayList<>();
    List<TargetSettings> settings = new ArrayList<>();
    for (TargetSettings each : route.targets()) {
      Target target = qualified(each.name());
      if (target != null) {
        found.add(target.within(each.timeouts()));
        settings.add(each);
      }
    }
    if (!found.isEmpty()) {
      int[] weights = settings.stream().mapToInt(TargetSettings::weight).toArray();
      byName.putIfAbsent(route.model(), new Route(found, weights, route));
    }
  }

  private void addAliases(ProviderSettings provider, int index) {
    for (ModelSettings model : provider.models()) {
      for (String alias : model.aliases()) {
        byName.putIfAbsent(alias, Route.to(target(provider, index, model.name()), retry));
      }
    }
  }

  private void addModels(ProviderSettings provider, int index) {
    for (ModelSettings model : provider.models()) {
      byName.putIfAbsent(model.name(), Route.to(target(provider, index, model.name()), retry));
    }
  }

  private @Nullable Target qualified(String name) {
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1) {
      return null;
    }
    for (int i = 0; i < providers.size(); i++) {
      String provider = providers.get(i).name();
      if (provider.length() == slash && name.startsWith(provider)) {
        return target(providers.get(i), i, name.substring(slash + 1));
      }
    }
    return null;
  }

  private @Nullable Target byPrefix(String name) {
    for (Map.Entry<String, ProviderApi> prefix : PREFIXES.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        return only(prefix.getValue(), name);
      }
    }
    return null;
  }

  private @Nullable Target only(ProviderApi kind, String model) {
    Target found = null;
    for (int i = 0; i < providers.size(); i++) {
      if (providers.get(i).kind() == kind) {
        if (found != null) {
          return null;
        }
        found = target(providers.get(i), i, model);
      }
    }
    return found;
  }

  private Target target(ProviderSettings provider, int index, String model) {
    String name = provider.name() + "/" + model;
    Target known = targets.get(name);
    if (known != null) {
      return known;
    }
    Target made = make(provider, index, model);
    if (targets.size() < MOST_KEPT) {
      Target before = targets.putIfAbsent(name, made);
      return before == null ? made : before;
    }
    return made;
  }

  private Target make(ProviderSettings provider, int index, String model) {
    ModelSettings settings =
        provider.models().stream().filter(m -> m.name().equals(model)).findFirst().orElse(null);
    Price configured = settings == null ? null : settings.price();
    Price price = configured == null ? prices.find(seller(provider), model) : configured;
    return new Target(
        provider.name(),
        index,
        ProviderModel.of(provider.kind(), model),
        price,
        provider.timeouts(),
        provider.onDisconnect(),
        new TargetHealth(adaptive ? new Crowd() : null),
        repeats.get(index),
        keys.get(index),
        keys.get(index).notes());
  }

  /// The name under which the table of prices lists what a provider asks.
  private static String seller(ProviderSettings provider) {
    return switch (provider.kind()) {
      case ANTHROPIC -> "anthropic";
      case OPENAI -> "openai";
      case GLM -> provider.baseUrl().getHost().endsWith("z.ai") ? "zai" : "glm";
      case GROQ -> "groq";
      case GROK -> "grok";
      case OPENAI_COMPATIBLE, ANTHROPIC_COMPATIBLE -> provider.name();
    };
  }

  private static Map<String, ProviderApi> prefixes() {
    Map<String, ProviderApi> prefixes = new LinkedHashMap<>();
    prefixes.put("claude-", ProviderApi.ANTHROPIC);
    prefixes.put("gpt-", ProviderApi.OPENAI);
    prefixes.put("chatgpt-", ProviderApi.OPENAI);
    prefixes.put("o1", ProviderApi.OPENAI);
    prefixes.put("o3", ProviderApi.OPENAI);
    prefixes.put("o4", ProviderApi.OPENAI);
    prefixes.put("text-embedding-", ProviderApi.OPENAI);
    prefixes.put("glm-", ProviderApi.GLM);
    prefixes.put("grok-", ProviderApi.GROK);
    return prefixes;
  }
}
