package io.llmproxy.proxy.config;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `providers.NAME.models`. An item is a name, or a section with `name` and more.
final class ModelsReader {
  private static final Syntax<Integer> TOKENS = Scalars.count(1, 100_000_000);

  private final boolean anthropic;
  private final Set<String> names = new HashSet<>();

  private ModelsReader(boolean anthropic) {
    this.anthropic = anthropic;
  }

  static List<ModelSettings> read(YamlSection provider, @Nullable ProviderApi kind) {
    ModelsReader reader =
        new ModelsReader(kind == ProviderApi.ANTHROPIC || kind == ProviderApi.ANTHROPIC_COMPATIBLE);
    List<ModelSettings> models = new ArrayList<>();
    for (YamlValue item : provider.items("models")) {
      ModelSettings model = reader.model(item);
      if (model != null) {
        models.add(model);
      }
    }
    return List.copyOf(models);
  }

  private @Nullable ModelSettings model(YamlValue item) {
    if (!item.isMapping()) {
      String name = item.read(Scalars.TEXT);
      refuseSecond(item, name);
      return name == null ? null : new ModelSettings(name, List.of(), null, 0, RateSettings.NONE);
    }
    YamlSection section =
        item.section("name", "alias", "price", "max_output_tokens", "rate_limits");
    String name = section.need("name", Scalars.TEXT);
    refuseSecond(item, name);
    List<String> aliases = aliases(section.get("alias"));
    Price price = price(section);
    int maxOutputTokens = section.read("max_output_tokens", TOKENS, 0);
    RateSettings rates = AllowanceReader.rates(section);
    return name == null ? null : new ModelSettings(name, aliases, price, maxOutputTokens, rates);
  }

  private void refuseSecond(YamlValue item, @Nullable String name) {
    if (name != null && !names.add(name)) {
      item.problem("the name " + Shown.quoted(name) + " is taken by another model or alias here");
    }
  }

  private List<String> aliases(@Nullable YamlValue value) {
    if (value == null) {
      return List.of();
    }
    List<String> aliases = new ArrayList<>();
    for (YamlValue item : value.isList() ? value.items() : List.of(value)) {
      String alias = item.read(Scalars.TEXT);
      refuseSecond(item, alias);
      if (alias != null) {
        aliases.add(alias);
      }
    }
    return List.copyOf(aliases);
  }

  /// Dollars per million tokens are nano-dollars per million tokens, exactly, after the syntax.
  private @Nullable Price price(YamlSection model) {
    YamlSection section = model.section("price", "input", "cached_input", "cache_write", "output");
    if (section == null) {
      return null;
    }
    Long input = section.need("input", Scalars.DOLLARS);
    Long output = section.need("output", Scalars.DOLLARS);
    if (input == null || output == null) {
      section.check(Scalars.DOLLARS, "cached_input", "cache_write");
      return null;
    }
    if (anthropic && section.get("cache_write") == null) {
      section.owner().warn("no cache_write: tokens written to a cache cost as much as input");
    }
    long cachedInput = section.read("cached_input", Scalars.DOLLARS, input);
    long cacheWrite = section.read("cache_write", Scalars.DOLLARS, input);
    return Price.configured(Rates.flat(input, cachedInput, cacheWrite, output));
  }
}
