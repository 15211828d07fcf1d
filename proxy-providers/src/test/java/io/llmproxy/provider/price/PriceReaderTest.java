package io.llmproxy.provider.price;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.price.Price.LongTier;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PriceReaderTest {
  private static final String ROW =
      "{\"provider\":\"p\",\"model\":\"m\",\"input\":1,\"output\":2,\"source\":\"s\","
          + "\"as_of\":\"2026\"";

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"unit\":1}", "{}", "no", "{\"models\":[{}]"})
  void refusesWhatIsNoTable(String text) {
    Prices.Reading reading = Prices.read(text.getBytes(UTF_8));
    assertThat(reading.faults()).isNotEmpty();
    assertThat(reading.prices().rows()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"cached_input\":-1 | m: cached_input: negative: -1 (expected: dollars per million tokens,"
            + " 0 to 99999.999999999)",
        "\"cached_input\":\"1\" | m: cached_input: 1 (expected: dollars per million tokens,"
            + " 0 to 99999.999999999)",
        "\"cached_input\":null | m: cached_input: null (expected: dollars per million tokens,"
            + " 0 to 99999.999999999)",
        "\"cached_input\":100000 | m: cached_input: 100000 (expected: dollars per million tokens,"
            + " 0 to 99999.999999999)",
        "\"cached_input\":1e999999999 | m: cached_input: 1e999999999 (expected: dollars per million"
            + " tokens, 0 to 99999.999999999)",
        "\"cached_input\":0.0000000001 | m: cached_input: 0.0000000001 (expected: at most"
            + " 9 decimals)",
        "\"cache_write_2h\":1 | m: cache_write_2h: unknown key",
        "\"note\":{\"a\":[1]} | m: note: unknown key",
        "\"batch\":0 | m: batch: 0 (expected: a factor above 0, at most 10)",
        "\"flex\":10.5 | m: flex: 10.5 (expected: a factor above 0, at most 10)",
        "\"priority\":1.23456 | m: priority: 1.23456 (expected: at most 3 decimals)",
        "\"cached_input\":0.000000001,\"batch\":0.5 | m: a factor leaves fractions of a nano-dollar"
            + " per million tokens",
        "\"confidence\":\"high\" | m: confidence: high (expected: one of primary, listed, secondary"
            + " and assumed)",
        "\"confidence\":\"configured\" | m: confidence: configured (expected: one of primary,"
            + " listed, secondary and assumed)",
        "\"aliases\":[\"m\"] | m: duplicate: p/m has a price already",
        "\"aliases\":\"n\" | m: aliases: n (expected: an array)",
        "\"aliases\":[\"\"] | m: aliases: empty (expected: a string)",
        "\"tiers\":[{\"input\":1,\"output\":1}] | m: tiers: needs a start (expected: either above"
            + " or from, in tokens)",
        "\"tiers\":[{\"above\":1,\"from\":2,\"input\":1,\"output\":1}] | m: tiers: needs a start"
            + " (expected: either above or from, in tokens)",
        "\"tiers\":[{\"above\":5,\"input\":1,\"output\":1},{\"from\":6,\"input\":1,\"output\":1}]"
            + " | m: tiers: not in order (expected: ascending, each start once)",
        "\"tiers\":[{\"above\":5,\"input\":1}] | m: output: missing (expected: dollars per million"
            + " tokens)",
        "\"input\":2 | m: Duplicate field 'input'"
      })
  void saysWhatIsWrongWithARow(String field, String message) {
    Prices.Reading reading = read(ROW + "," + field + "}");
    assertThat(reading.faults()).extracting(PriceFault::message).containsExactly(message);
    assertThat(reading.faults().getFirst().line()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"provider", "model", "input", "output", "source", "as_of"})
  void missesWhatEveryRowNeeds(String name) {
    String row = (ROW + "}").replaceFirst("\"" + name + "\":[^,}]*,?", "").replace(",}", "}");
    Prices.Reading reading = read(row);
    assertThat(reading.faults())
        .anySatisfy(fault -> assertThat(fault.message()).contains(name + ": missing"));
    assertThat(reading.prices().rows()).isEmpty();
  }

  @Test
  void refusesAModelTwiceAndASourceThatIsNotListed() {
    assertThat(read(ROW + "},\n" + ROW + "}").faults())
        .extracting(PriceFault::toString)
        .containsExactly("5:1: m: duplicate: p/m has a price already");
    assertThat(read(ROW.replace("\"s\"", "\"t\"") + "}").faults())
        .extracting(PriceFault::message)
        .containsExactly("m: source: t is not among the sources");
  }

  @Test
  void countsDollarsExactly() {
    Price price =
        only(
            ROW
                + ",\"cached_input\":0.1,\"cache_write_5m\":0.000000001,\"input_audio\":99999,"
                + "\"tiers\":[{\"above\":7,\"input\":3,\"output\":4},"
                + "{\"from\":9,\"input\":5,\"output\":6}]}");
    assertThat(price.standard())
        .isEqualTo(
            new Rates(
                1_000_000_000, 100_000_000, 1, -1, -1, -1, 99_999_000_000_000L, 2_000_000_000, -1));
    assertThat(price.tiers()).extracting(LongTier::fromTokens).containsExactly(8L, 9L);
  }

  @Test
  void takesTheRateOfInputForCachesThatHaveNone() {
    Rates rates = only(ROW + "}").standard();
    assertThat(rates.cachedInput()).isEqualTo(rates.input());
    assertThat(rates.cacheWrite12h()).isEqualTo(rates.input());
    assertThat(rates.inputAudio()).isEqualTo(Rates.UNKNOWN);
  }

  private static Price only(String row) {
    Prices.Reading reading = read(row);
    assertThat(reading.faults()).isEmpty();
    return Objects.requireNonNull(reading.prices().find("p", "m"));
  }

  /// A table in which `rows` begin on line 4.
  private static Prices.Reading read(String rows) {
    String text =
        "{\"unit\":\"USD per million tokens\",\n\"sources\":{\"s\":\"a page\"},\n\"models\":[\n"
            + rows
            + "\n]}";
    return Prices.read(text.getBytes(UTF_8));
  }
}
