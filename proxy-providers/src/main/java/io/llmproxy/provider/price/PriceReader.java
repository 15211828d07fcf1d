package io.llmproxy.provider.price;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads and checks a whole table of prices.
final class PriceReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final String UNIT = "USD per million tokens";

  private final PriceText text;
  private final Map<String, Price> prices = new LinkedHashMap<>();
  private final Set<String> sources = new HashSet<>();
  private final List<PriceRow> rows = new ArrayList<>();

  private PriceReader(PriceText text) {
    this.text = text;
  }

  static Prices.Reading read(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      PriceReader reader = new PriceReader(new PriceText(parser));
      reader.readAll(parser);
      return new Prices.Reading(new Prices(reader.prices), reader.text.faults());
    } catch (IOException e) {
      throw new UncheckedIOException("an array in memory", e);
    }
  }

  private void readAll(JsonParser parser) throws IOException {
    try {
      parser.nextToken();
      if (parser.currentToken() == null || !text.isObject("table")) {
        text.fault("a table is a JSON object with the key models");
        return;
      }
      readTable();
      if (parser.nextToken() != null) {
        text.fault("nothing is expected behind the table");
      }
    } catch (JsonProcessingException e) {
      text.faultAt(e.getLocation(), e.getOriginalMessage());
    }
    // Not before the end, since the sources may stand below the rows.
    rows.forEach(this::add);
  }

  private void readTable() throws IOException {
    boolean unit = false;
    String name;
    while ((name = text.nextField()) != null) {
      switch (name) {
        case "unit" -> unit = UNIT.equals(text.readString(name));
        case "as_of" -> text.readString(name);
        case "notes" -> text.readStrings(name);
        case "sources" -> readSources();
        case "models" -> readModels();
        default -> text.unknown(name);
      }
    }
    if (!unit) {
      text.fault("unit: missing or another (expected: \"" + UNIT + "\")");
    }
  }

  private void readSources() throws IOException {
    if (text.isObject("sources")) {
      String name;
      while ((name = text.nextField()) != null) {
        text.readString(name);
        sources.add(name);
      }
    }
  }

  private void readModels() throws IOException {
    if (text.isArray("models")) {
      while (text.nextElement()) {
        rows.add(PriceRow.read(text));
        text.about("");
      }
    }
  }

  private void add(PriceRow row) {
    text.about(row.names().getFirst());
    if (!row.source().isEmpty() && !sources.contains(row.source())) {
      text.faultAt(row.start(), "source: " + row.source() + " is not among the sources");
    }
    Price price = row.price();
    for (String name : row.names()) {
      String key = Prices.key(row.provider(), name);
      if (price != null && prices.putIfAbsent(key, price) != null) {
        text.faultAt(row.start(), "duplicate: " + key + " has a price already");
      }
    }
  }
}
