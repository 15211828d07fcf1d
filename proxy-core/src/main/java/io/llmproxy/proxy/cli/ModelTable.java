package io.llmproxy.proxy.cli;

import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Rates;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.route.Routes;
import io.llmproxy.proxy.route.Target;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names clients may ask for as a table, each with the target that answers it.
final class ModelTable {
  private static final String UNKNOWN = "unknown";
  private static final int NANO_DIGITS = 9;

  private final List<Row> rows = new ArrayList<>();

  private record Row(String name, String target, String price) {}

  private ModelTable() {
    rows.add(
        new Row("NAME", "GOES TO", "USD PER MILLION TOKENS (input / cached / write / output)"));
  }

  static ModelTable of(Settings settings) {
    ModelTable table = new ModelTable();
    for (Routes.Entry entry :
        new Routes(settings.providers(), settings.routes(), settings.retry(), settings.prices())
            .entries()) {
      String name = entry.name();
      for (Target target : entry.route().targets()) {
        String shown = target.provider() + "/" + target.model();
        table.rows.add(new Row(name, shown, shown(target.price())));
        name = "";
      }
    }
    for (ProviderSettings provider : settings.providers()) {
      String any = "any model of " + provider.name();
      table.rows.add(new Row(provider.name() + "/MODEL", any, UNKNOWN));
    }
    return table;
  }

  private static String shown(@Nullable Price price) {
    if (price == null) {
      return UNKNOWN;
    }
    Rates rates = price.standard();
    return String.join(
        " / ",
        dollars(rates.input()),
        dollars(rates.cachedInput()),
        dollars(rates.cacheWrite5m()),
        dollars(rates.output()));
  }

  private static String dollars(long nanos) {
    return nanos == Rates.UNKNOWN
        ? "-"
        : BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
  }

  List<String> lines() {
    int nameWidth = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int targetWidth = rows.stream().mapToInt(row -> row.target().length()).max().orElse(0);
    String format = "%-" + nameWidth + "s  %-" + targetWidth + "s  %s";
    return rows.stream()
        .map(row -> format.formatted(row.name(), row.target(), row.price()))
        .toList();
  }
}
