package io.llmproxy.proxy.route;

import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Kind;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.Settings.RouteSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From the name a caller asks for to the target that answers: a route of that name, else an alias,
/// else a model listed under a provider, else `provider/model`, else a unique well-known prefix.
/// Immutable; used by any thread.
public final class Routes {

  private static final Map<String, Kind> PREFIXES = prefixes();

  /// A name callers may ask for, and where it goes.
  public record Entry(String name, Target target) {}

  private final List<ProviderSettings> providers;
  private final Map<String, Target> byName = new LinkedHashMap<>();

  public Routes(List<ProviderSettings> providers, List<RouteSettings> routes) {
    this.providers = List.copyOf(providers);
    routes.forEach(this::addRoute);
    for (int i = 0; i < providers.size(); i++) {
      addAliases(providers.get(i), i);
    }
    for (int i = 0; i < providers.size(); i++) {
      addModels(providers.get(i), i);
    }
  }

  /// The target for a name, or null where nothing answers to it.
  public @Nullable Target find(String name) {
    Target target = byName.get(name);
    if (target == null) {
      target = qualified(name);
    }
    return target == null ? byPrefix(name) : target;
  }

  /// The names callers may ask for that the configuration spells out, in its order.
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    byName.forEach((name, target) -> entries.add(new Entry(name, target)));
    return entries;
  }

  private void addRoute(RouteSettings route) {
    for (String name : route.targets()) {
      Target target = qualified(name);
      if (target != null) {
        byName.putIfAbsent(route.model(), target);
      }
    }
  }

  private void addAliases(ProviderSettings provider, int index) {
    for (ModelSettings model : provider.models()) {
      for (String alias : model.aliases()) {
        byName.putIfAbsent(alias, target(provider, index, model.name()));
      }
    }
  }

  private void addModels(ProviderSettings provider, int index) {
    for (ModelSettings model : provider.models()) {
      byName.putIfAbsent(model.name(), target(provider, index, model.name()));
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
    for (Map.Entry<String, Kind> prefix : PREFIXES.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        return only(prefix.getValue(), name);
      }
    }
    return null;
  }

  private @Nullable Target only(Kind kind, String model) {
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

  private static Target target(ProviderSettings provider, int index, String model) {
    ModelSettings settings =
        provider.models().stream().filter(m -> m.name().equals(model)).findFirst().orElse(null);
    return new Target(provider.name(), index, model, settings == null ? null : settings.price());
  }

  private static Map<String, Kind> prefixes() {
    Map<String, Kind> prefixes = new LinkedHashMap<>();
    prefixes.put("claude-", Kind.ANTHROPIC);
    prefixes.put("gpt-", Kind.OPENAI);
    prefixes.put("chatgpt-", Kind.OPENAI);
    prefixes.put("o1", Kind.OPENAI);
    prefixes.put("o3", Kind.OPENAI);
    prefixes.put("o4", Kind.OPENAI);
    prefixes.put("text-embedding-", Kind.OPENAI);
    prefixes.put("glm-", Kind.GLM);
    prefixes.put("grok-", Kind.GROK);
    return prefixes;
  }
}
