package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.ModelSettings;
import io.llmproxy.proxy.config.ProviderSettings.Price;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.Settings.RouteSettings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names clients may ask for as a table. A name that several places give stands once, where it
/// is answered: routes come before aliases, aliases before models.
final class ModelTable {
  private static final String UNKNOWN = "unknown";
  private static final int NANO_DIGITS = 9;

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Price> prices = new LinkedHashMap<>();

  private record Row(String name, String target, String price) {}

  private ModelTable() {}

  static ModelTable of(Settings settings) {
    ModelTable table = new ModelTable();
    for (ProviderSettings provider : settings.providers()) {
      provider.models().forEach(model -> table.remember(provider, model));
    }
    settings.routes().forEach(table::route);
    for (ProviderSettings provider : settings.providers()) {
      for (ModelSettings model : provider.models()) {
        String target = provider.name() + "/" + model.name();
        model.aliases().forEach(alias -> table.add(alias, target, table.price(target)));
      }
    }
    for (ProviderSettings provider : settings.providers()) {
      for (ModelSettings model : provider.models()) {
        String target = provider.name() + "/" + model.name();
        table.add(model.name(), target, table.price(target));
      }
    }
    for (ProviderSettings provider : settings.providers()) {
      table.add(provider.name() + "/MODEL", "any model of " + provider.name(), UNKNOWN);
    }
    return table;
  }

  private void remember(ProviderSettings provider, ModelSettings model) {
    Price price = model.price();
    if (price != null) {
      prices.put(provider.name() + "/" + model.name(), price);
    }
  }

  private void route(RouteSettings route) {
    String first = route.targets().getFirst();
    add(route.model(), String.join(", then ", route.targets()), price(first));
  }

  private void add(String name, String target, String price) {
    rows.putIfAbsent(name, new Row(name, target, price));
  }

  private String price(String target) {
    return shown(prices.get(target));
  }

  private static String shown(@Nullable Price price) {
    return price == null
        ? UNKNOWN
        : String.join(
            " / ",
            dollars(price.input()),
            dollars(price.cachedInput()),
            dollars(price.cacheWrite()),
            dollars(price.output()));
  }

  private static String dollars(long nanos) {
    return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
  }

  List<String> lines() {
    List<Row> all = new ArrayList<>();
    all.add(new Row("NAME", "GOES TO", "USD PER MILLION TOKENS (input / cached / write / output)"));
    all.addAll(rows.values());
    int nameWidth = all.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int targetWidth = all.stream().mapToInt(row -> row.target().length()).max().orElse(0);
    String format = "%-" + nameWidth + "s  %-" + targetWidth + "s  %s";
    return all.stream()
        .map(row -> format.formatted(row.name(), row.target(), row.price()))
        .toList();
  }
}
