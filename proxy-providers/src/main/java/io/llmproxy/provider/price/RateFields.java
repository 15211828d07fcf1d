package io.llmproxy.provider.price;

import static io.llmproxy.provider.price.PriceText.MISSING;

import com.fasterxml.jackson.core.JsonLocation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rates of one row or tier, as they are being read.
final class RateFields {
  /// In the order of [Rates].
  private static final List<String> NAMES =
      List.of(
          "input",
          "cached_input",
          "cache_write_5m",
          "cache_write_1h",
          "cache_write_30m",
          "cache_write_12h",
          "input_audio",
          "output",
          "output_audio");

  private static final int INPUT = 0;
  private static final int CACHED_INPUT = 1;
  private static final int FIRST_WRITE = 2;
  private static final int LAST_WRITE = 5;
  private static final int OUTPUT = 7;

  private final long[] rates = new long[NAMES.size()];

  RateFields() {
    Arrays.fill(rates, MISSING);
  }

  /// Whether `name` is a rate's; then its value is read.
  boolean read(String name, PriceText text) throws IOException {
    int index = NAMES.indexOf(name);
    if (index >= 0) {
      rates[index] = text.readRate(name);
    }
    return index >= 0;
  }

  /// The rates; null where one that all models have is missing, which is noted.
  @Nullable Rates rates(PriceText text, JsonLocation start) {
    if (rates[INPUT] == MISSING || rates[OUTPUT] == MISSING) {
      String missing = rates[INPUT] == MISSING ? "input" : "output";
      text.faultAt(start, missing + ": missing (expected: dollars per million tokens)");
      return null;
    }
    if (rates[CACHED_INPUT] == MISSING) {
      rates[CACHED_INPUT] = rates[INPUT];
    }
    // Where no write has a price, writing costs nothing extra. Where one has, another lifetime's
    // stays unknown.
    boolean writes = false;
    for (int i = FIRST_WRITE; i <= LAST_WRITE; i++) {
      writes |= rates[i] != MISSING;
    }
    if (!writes) {
      Arrays.fill(rates, FIRST_WRITE, LAST_WRITE + 1, rates[INPUT]);
    }
    return new Rates(
        rates[0], rates[1], rates[2], rates[3], rates[4], rates[5], rates[6], rates[7], rates[8]);
  }

  /// Whether all rates times `thousandths` of them are whole nano-dollars per million tokens.
  static boolean isExact(Rates rates, int thousandths) {
    long[] all = {
      rates.input(),
      rates.cachedInput(),
      rates.cacheWrite5m(),
      rates.cacheWrite1h(),
      rates.cacheWrite30m(),
      rates.cacheWrite12h(),
      rates.inputAudio(),
      rates.output(),
      rates.outputAudio()
    };
    return Arrays.stream(all).allMatch(rate -> rate < 0 || rate * thousandths % 1000 == 0);
  }
}
