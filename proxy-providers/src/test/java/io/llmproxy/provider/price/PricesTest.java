package io.llmproxy.provider.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.price.Price.Confidence;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import io.llmproxy.provider.wire.ServiceTier;
import io.llmproxy.provider.wire.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PricesTest {
  private static final Prices PRICES = Prices.builtIn();

  /// Ten requests, each worked out by hand: provider, model, service; tokens (input, cached,
  /// written for 5 minutes, 30 minutes, 12 hours, output, reasoning); nano-dollars.
  private static final String LEDGER =
      """
      anthropic claude-opus-5-5 STANDARD 3 0 12304 0 0 100 0 63532000
      anthropic claude-opus-5-5 STANDARD 3 2455 12304 0 0 100 0 64023000
      grok grok-3-mini STANDARD 32 0 0 0 0 9 94 297500
      grok grok-4.7 STANDARD 250 0 0 0 0 14 309 2438000
      openai gpt-6.1-terra STANDARD 1 272000 0 0 0 10 0 27277000
      grok grok-4.7 STANDARD 200000 0 0 0 0 1 0 800012000
      glm glm-5.3 STANDARD 1000 500 0 0 0 200 50 2206500
      groq openai/gpt-oss-20b STANDARD 7 1 0 0 0 3 0 1463
      openai gpt-6-sol FLEX 1000 0 0 1000 100 100 0 3000000
      openai text-embedding-3-small STANDARD 12345 0 0 0 0 0 0 246900
      """;

  @Test
  void neverTakesAnUnknownPriceForNothing() {
    Usage usage = usage(10, 0, 0, 10);
    assertThat(PRICES.nanoUsd("openai", "gpt-99", usage, ServiceTier.STANDARD)).isEqualTo(-1);
    assertThat(PRICES.nanoUsd("unheard", "gpt-6-sol", usage, ServiceTier.STANDARD)).isEqualTo(-1);
    assertThat(PRICES.nanoUsd("openai", "gpt-99", Usage.NONE, ServiceTier.STANDARD)).isEqualTo(-1);
    assertThat(PRICES.find("openai", "gpt-99")).isNull();
  }

  @Test
  void knowsNoCostWhereTheRateOfOneTokenIsMissing() {
    Price price = price("openai", "gpt-6-sol");
    Usage audio = new Usage(1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0);
    Usage written = new Usage(1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0);
    assertThat(price.nanoUsd(audio, ServiceTier.STANDARD)).isEqualTo(Rates.UNKNOWN);
    assertThat(price.nanoUsd(written, ServiceTier.STANDARD)).isEqualTo(Rates.UNKNOWN);
    assertThat(price("openai", "gpt-audio").nanoUsd(audio, ServiceTier.STANDARD))
        .isEqualTo(2_500 + 32_000 + 10_000);
  }

  @Test
  void knowsNoCostOfPriorityThatIsNotListed() {
    Usage usage = usage(1000, 0, 0, 0);
    Price price = price("anthropic", "claude-opus-5-5");
    assertThat(price.nanoUsd(usage, ServiceTier.PRIORITY)).isEqualTo(Rates.UNKNOWN);
    assertThat(price.nanoUsd(usage, ServiceTier.FLEX)).isEqualTo(4_000_000);
    assertThat(price.nanoUsd(usage, ServiceTier.BATCH)).isEqualTo(2_000_000);
  }

  @Test
  void comesToWhatTenRequestsCostByHand() {
    long total = 0;
    for (String line : LEDGER.lines().toList()) {
      String[] row = line.split(" ", -1);
      long[] tokens = Stream.of(row).skip(3).limit(7).mapToLong(Long::parseLong).toArray();
      Usage usage =
          new Usage(
              tokens[0], tokens[1], tokens[2], 0, tokens[3], tokens[4], 0, tokens[5], tokens[6], 0,
              0);
      long cost = PRICES.nanoUsd(row[0], row[1], usage, ServiceTier.valueOf(row[2]));
      assertThat(cost).as(line).isEqualTo(Long.parseLong(row[10]));
      total += cost;
    }
    assertThat(total).isEqualTo(963_034_363L);
  }

  @EdgeCase(55)
  @ParameterizedTest
  @CsvSource({
    // 271,999 of them cached: 13,599.95 + 1 + 50 microdollars.
    "openai/gpt-6.1-terra, 1, 271999, 10, 13650950",
    "openai/gpt-6.1-terra, 1, 272000, 10, 27277000",
    "openai/gpt-6-astra, 271999, 0, 0, 2719990000",
    "openai/gpt-6-astra, 272000, 0, 0, 5440000000",
    "grok/grok-4.7, 199999, 0, 1, 400004000",
    "grok/grok-4.7, 200000, 0, 1, 800012000",
    "grok/grok-4.3, 1, 199999, 1, 80007100",
    "anthropic/claude-haiku-5-5, 100000, 0, 0, 10000000",
    "anthropic/claude-haiku-5-5, 100001, 0, 0, 50000500"
  })
  void pricesTheWholeRequestByTheLengthOfItsPrompt(
      String model, long input, long cached, long output, long nanoUsd) {
    assertThat(
            price(model.split("/", -1)[0], model.split("/", -1)[1])
                .nanoUsd(usage(input, cached, 0, output), ServiceTier.STANDARD))
        .isEqualTo(nanoUsd);
  }

  @ParameterizedTest
  @CsvSource({"STANDARD, 3000000", "PRIORITY, 6000000", "FLEX, 1500000", "BATCH, 1500000"})
  void multipliesByWhatTheServiceCosts(ServiceTier service, long nanoUsd) {
    assertThat(price("openai", "gpt-6.1-terra").nanoUsd(usage(500, 0, 0, 500), service))
        .isEqualTo(nanoUsd);
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, claude-sonnet-4, claude-sonnet-4-20250514, LISTED",
    "anthropic, claude-haiku-4-5-20251001, claude-haiku-4-5, LISTED",
    "anthropic, claude-opus-5-5-20270101, claude-opus-5-5, ASSUMED",
    "openai, gpt-5-2025-08-07, gpt-5, LISTED",
    "openai, gpt-6-sol-2027-01-31, gpt-6-sol, ASSUMED",
    "openai, ft:gpt-4o-2024-08-06:acme::x1, ft:gpt-4o-2024-08-06, LISTED",
    "glm, glm-4.6, glm-4.6, ASSUMED"
  })
  void findsAModelByItsOtherNames(
      String provider, String name, String model, Confidence confidence) {
    Price found = price(provider, name);
    assertThat(found.standard()).isEqualTo(price(provider, model).standard());
    assertThat(found.origin().confidence()).isEqualTo(confidence);
  }

  @Test
  void takesNoOtherSuffixForADate() {
    assertThat(PRICES.find("openai", "gpt-6-sol-mini")).isNull();
    assertThat(PRICES.find("openai", "gpt-6-sol-123")).isNull();
    assertThat(PRICES.find("openai", "ft:unheard:acme::x1")).isNull();
  }

  @Test
  void letsAUsersPriceGoFirst() {
    Price own = Price.configured(Rates.flat(1_000_000, 0, 2_000_000, 3_000_000));
    Prices prices = PRICES.with("openai", "gpt-6-sol", own).with("own", "m", own);
    Usage usage = new Usage(1, 9, 1, 1, 1, 1, 1, 1, 1, 1, 0);
    for (ServiceTier service : ServiceTier.values()) {
      assertThat(prices.nanoUsd("openai", "gpt-6-sol", usage, service)).isEqualTo(2 + 8 + 9);
    }
    assertThat(price("openai", "gpt-6-sol").origin().confidence())
        .isNotEqualTo(Confidence.CONFIGURED);
    assertThat(prices.with(PRICES).find("openai", "gpt-6-sol"))
        .isEqualTo(price("openai", "gpt-6-sol"));
    assertThat(prices.with(PRICES).find("own", "m")).isEqualTo(own);
  }

  @Test
  void isExactForAnyCounts() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      long[] counts = random.longs(10, 0, 1L << (1 + random.nextInt(53))).toArray();
      long[] rates = random.longs(9, 0, 100_000_000_000_000L >> random.nextInt(40)).toArray();
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < 10; i++) {
        // Reasoning, the ninth counter, costs as output does.
        long rate = rates[i < 8 ? i : i - 1];
        sum = sum.add(BigDecimal.valueOf(counts[i]).multiply(BigDecimal.valueOf(rate)));
      }
      BigDecimal exact = sum.movePointLeft(6).setScale(0, RoundingMode.HALF_UP);
      long expected = exact.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact();
      assertThat(cost(rates, counts)).isEqualTo(expected);
    }
  }

  private static long cost(long[] rates, long[] counts) {
    Rates each =
        new Rates(
            rates[0], rates[1], rates[2], rates[3], rates[4], rates[5], rates[6], rates[7],
            rates[8]);
    return each.nanoUsd(
        new Usage(
            counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7],
            counts[8], counts[9], 0));
  }

  @ParameterizedTest
  @CsvSource({
    // 37,756,000 ticks are 0.0037756 dollars.
    "37756000, 3775600, 3775600, AGREES",
    "37756000, 3775601, 3775600, AGREES",
    "37756000, 3775602, 3775600, DIFFERS",
    "37756004, 3775600, 3775600, AGREES",
    "37756005, 3775600, 3775601, AGREES",
    "37756000, -1, 3775600, NOT_PRICED",
    "0, 5, 0, DIFFERS",
    "-1, 5, 5, NOT_REPORTED",
    "-1, -1, -1, NOT_REPORTED",
    "9223372036854775807, 1, 922337203685477581, DIFFERS"
  })
  void prefersWhatTheProviderReports(long ticks, long computed, long nanoUsd, Agreement agreement) {
    assertThat(ReportedCost.ofTicks(ticks, computed))
        .isEqualTo(new ReportedCost(nanoUsd, agreement));
  }

  @Test
  void hasAPriceForEachProvider() {
    assertThat(PRICES.rows().keySet().stream().map(key -> key.substring(0, key.indexOf('/'))))
        .contains("anthropic", "openai", "glm", "zai", "groq", "grok");
    assertThat(PRICES.rows().values())
        .allSatisfy(price -> assertThat(price.origin().source()).isNotBlank());
  }

  private static Price price(String provider, String model) {
    return Objects.requireNonNull(PRICES.find(provider, model), model);
  }

  private static Usage usage(long input, long cached, long written, long output) {
    return new Usage(input, cached, written, 0, 0, 0, 0, output, 0, 0, 0);
  }
}
