package io.llmproxy.provider.price;

import io.llmproxy.provider.price.Price.Confidence;
import io.llmproxy.provider.price.Price.Origin;
import io.llmproxy.provider.wire.ServiceTier;
import io.llmproxy.provider.wire.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The table of prices: what each provider asks for each model. Immutable.
///
/// Providers are `anthropic`, `openai`, `glm` (bigmodel.cn), `zai` (z.ai), `groq` and `grok`.
public final class Prices {
  /// A snapshot's name: the model's, and a day.
  private static final Pattern DATED = Pattern.compile("(.{1,200})-(\\d{8}|\\d{4}-\\d{2}-\\d{2})");

  /// A fine-tuned model's name: `ft:MODEL:ORGANIZATION:NAME:ID`.
  private static final Pattern TUNED = Pattern.compile("(ft:[^:]{1,200}):.*");

  private final Map<String, Price> prices;

  Prices(Map<String, Price> prices) {
    this.prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
  }

  /// A table that was read, and all that is wrong with it.
  ///
  /// @param prices the rows that are right
  public record Reading(Prices prices, List<PriceFault> faults) {
    public Reading {
      faults = List.copyOf(faults);
    }
  }

  /// The table that comes with this project: list prices, to be checked before anyone bills by
  /// them.
  public static Prices builtIn() {
    Reading reading = read(builtInBytes());
    if (!reading.faults().isEmpty()) {
      throw new IllegalStateException("prices.json: " + reading.faults().getFirst());
    }
    return reading.prices();
  }

  /// That table's text.
  public static String builtInJson() {
    return new String(builtInBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] builtInBytes() {
    try (InputStream in = Prices.class.getResourceAsStream("prices.json")) {
      if (in == null) {
        throw new IllegalStateException("prices.json is not beside " + Prices.class);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a table of the same form.
  public static Reading read(byte[] json) {
    return PriceReader.read(json);
  }

  /// This table, where the rows of `other` go before its own.
  public Prices with(Prices other) {
    Map<String, Price> both = new LinkedHashMap<>(prices);
    both.putAll(other.prices);
    return new Prices(both);
  }

  /// This table, where `price` is one model's.
  public Prices with(String provider, String model, Price price) {
    Map<String, Price> both = new LinkedHashMap<>(prices);
    both.put(key(provider, model), price);
    return new Prices(both);
  }

  /// The price of `model`; null where it is not known. A dated name that is not listed is priced as
  /// its model, which is then [Confidence#ASSUMED].
  public @Nullable Price find(String provider, String model) {
    Price price = prices.get(key(provider, model));
    if (price != null) {
      return price;
    }
    Matcher tuned = TUNED.matcher(model);
    if (tuned.matches()) {
      return prices.get(key(provider, tuned.group(1)));
    }
    Matcher dated = DATED.matcher(model);
    return dated.matches() ? assumed(prices.get(key(provider, dated.group(1)))) : null;
  }

  /// A price that no model of the table is above.
  public Price dearest() {
    long input = 0;
    long output = 0;
    for (Price price : prices.values()) {
      input = Math.max(input, price.standard().dearestInput());
      output = Math.max(output, price.standard().dearestOutput());
      for (Price.LongTier tier : price.tiers()) {
        input = Math.max(input, tier.rates().dearestInput());
        output = Math.max(output, tier.rates().dearestOutput());
      }
    }
    return Price.configured(Rates.flat(input, input, input, output));
  }

  /// What `usage` costs in nano-dollars; [Rates#UNKNOWN], never 0, where the price is not known.
  public long nanoUsd(String provider, String model, Usage usage, ServiceTier service) {
    Price price = find(provider, model);
    return price == null ? Rates.UNKNOWN : price.nanoUsd(usage, service);
  }

  /// All rows by `provider/model`, aliases too.
  public Map<String, Price> rows() {
    return prices;
  }

  static String key(String provider, String model) {
    return provider + '/' + model;
  }

  private static @Nullable Price assumed(@Nullable Price price) {
    if (price == null) {
      return null;
    }
    Origin origin = price.origin();
    return new Price(
        price.standard(),
        price.tiers(),
        price.factors(),
        new Origin(origin.source(), origin.asOf(), Confidence.ASSUMED));
  }
}
