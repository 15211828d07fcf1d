package io.llmproxy.provider.price;

import static io.llmproxy.provider.price.PriceText.MISSING;

import com.fasterxml.jackson.core.JsonLocation;
import io.llmproxy.provider.price.Price.Confidence;
import io.llmproxy.provider.price.Price.Factors;
import io.llmproxy.provider.price.Price.LongTier;
import io.llmproxy.provider.price.Price.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row of a table of prices, as it is being read.
final class PriceRow {
  private final PriceText text;
  private final JsonLocation start;
  private final RateFields rates = new RateFields();
  private final List<LongTier> tiers = new ArrayList<>();
  private final int[] factors = new int[3];
  private String provider = "";
  private String model = "";
  private List<String> aliases = List.of();
  private String source = "";
  private String asOf = "";
  private Confidence confidence = Confidence.LISTED;

  private PriceRow(PriceText text) {
    this.text = text;
    this.start = text.location();
  }

  /// Reads the row that `text` is at.
  static PriceRow read(PriceText text) throws IOException {
    PriceRow row = new PriceRow(text);
    if (text.isObject("models")) {
      String name;
      while ((name = text.nextField()) != null) {
        row.readField(name);
      }
    }
    return row;
  }

  JsonLocation start() {
    return start;
  }

  String provider() {
    return provider;
  }

  /// The model's name and the others it goes by.
  List<String> names() {
    List<String> names = new ArrayList<>(aliases);
    names.addFirst(model);
    return names;
  }

  String source() {
    return source;
  }

  /// The price; null where it lacks something, which is noted.
  @Nullable Price price() {
    boolean whole = true;
    for (Map.Entry<String, String> needed : texts().entrySet()) {
      if (needed.getValue().isBlank()) {
        text.faultAt(start, needed.getKey() + ": missing (expected: a string)");
        whole = false;
      }
    }
    Rates standard = rates.rates(text, start);
    if (!whole || standard == null) {
      return null;
    }
    Factors scale = new Factors(factors[0], factors[1], factors[2]);
    for (int factor : factors) {
      if (factor != 0 && !isExact(standard, factor)) {
        text.faultAt(start, "a factor leaves fractions of a nano-dollar per million tokens");
        return null;
      }
    }
    return new Price(standard, tiers, scale, new Origin(source, asOf, confidence));
  }

  private Map<String, String> texts() {
    return Map.of("provider", provider, "model", model, "source", source, "as_of", asOf);
  }

  private boolean isExact(Rates standard, int factor) {
    boolean exact = RateFields.isExact(standard, factor);
    for (LongTier tier : tiers) {
      exact &= RateFields.isExact(tier.rates(), factor);
    }
    return exact;
  }

  private void readField(String name) throws IOException {
    if (rates.read(name, text)) {
      return;
    }
    switch (name) {
      case "provider" -> provider = text.readString(name);
      case "model" -> {
        model = text.readString(name);
        text.about(model);
      }
      case "aliases" -> aliases = text.readStrings(name);
      case "source" -> source = text.readString(name);
      case "as_of" -> asOf = text.readString(name);
      case "confidence" -> readConfidence();
      case "batch" -> readFactor(0, name);
      case "flex" -> readFactor(1, name);
      case "priority" -> readFactor(2, name);
      case "tiers" -> readTiers();
      default -> text.unknown(name);
    }
  }

  private void readConfidence() throws IOException {
    String word = text.readString("confidence");
    for (Confidence known : Confidence.values()) {
      if (known != Confidence.CONFIGURED && known.name().toLowerCase(Locale.ROOT).equals(word)) {
        confidence = known;
        return;
      }
    }
    text.fault(
        "confidence: " + word + " (expected: one of primary, listed, secondary and assumed)");
  }

  private void readFactor(int index, String name) throws IOException {
    factors[index] = (int) Math.max(0, text.readFactor(name));
  }

  private void readTiers() throws IOException {
    if (!text.isArray("tiers")) {
      return;
    }
    while (text.nextElement()) {
      if (text.isObject("tiers")) {
        readTier();
      }
    }
  }

  private void readTier() throws IOException {
    JsonLocation at = text.location();
    RateFields tier = new RateFields();
    long from = MISSING;
    boolean twice = false;
    String name;
    while ((name = text.nextField()) != null) {
      if (name.equals("above") || name.equals("from")) {
        long tokens = text.readCount(name);
        twice |= from != MISSING;
        // Above so many is from one more on.
        from = tokens == MISSING || name.equals("from") ? tokens : tokens + 1;
      } else if (!tier.read(name, text)) {
        text.unknown(name);
      }
    }
    Rates read = tier.rates(text, at);
    if (from <= 0 || twice) {
      text.faultAt(at, "tiers: needs a start (expected: either above or from, in tokens)");
    } else if (!tiers.isEmpty() && from <= tiers.getLast().fromTokens()) {
      text.faultAt(at, "tiers: not in order (expected: ascending, each start once)");
    } else if (read != null) {
      tiers.add(new LongTier(from, read));
    }
  }
}
