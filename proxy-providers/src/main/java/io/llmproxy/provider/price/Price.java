package io.llmproxy.provider.price;

import static io.llmproxy.provider.price.Rates.UNKNOWN;

import io.llmproxy.provider.wire.ServiceTier;
import io.llmproxy.provider.wire.Usage;
import java.util.List;

/// What one provider asks for one model.
///
/// @param standard from the first token of the prompt on
/// @param tiers for longer prompts, ascending
/// @param factors by which other service multiplies every rate
/// @param origin where these numbers are from
public record Price(Rates standard, List<LongTier> tiers, Factors factors, Origin origin) {

  /// The rates of every token of a request whose prompt has at least `fromTokens`.
  public record LongTier(long fromTokens, Rates rates) {}

  /// The rates that each kind of service leaves of the standard ones, in thousandths; 0 where the
  /// provider lists none.
  public record Factors(int batch, int flex, int priority) {
    public static final Factors NONE = new Factors(0, 0, 0);

    int of(ServiceTier service) {
      return switch (service) {
        case STANDARD -> 1000;
        // A discount that nobody lists is none.
        case BATCH -> batch == 0 ? 1000 : batch;
        case FLEX -> flex == 0 ? 1000 : flex;
        case PRIORITY -> priority;
      };
    }
  }

  /// Where a price is from.
  ///
  /// @param source a name of the table's list of sources
  /// @param asOf the day or month
  public record Origin(String source, String asOf, Confidence confidence) {}

  /// How far a price can be trusted.
  public enum Confidence {
    /// The provider's own page.
    PRIMARY,
    /// A public price map.
    LISTED,
    /// What others report.
    SECONDARY,
    /// A neighbour's price.
    ASSUMED,
    /// What the user of this proxy says.
    CONFIGURED
  }

  public Price {
    tiers = List.copyOf(tiers);
  }

  /// The price a user sets: the same for any length of prompt and any service.
  public static Price configured(Rates rates) {
    return new Price(
        rates,
        List.of(),
        new Factors(1000, 1000, 1000),
        new Origin("configuration", "", Confidence.CONFIGURED));
  }

  /// What `usage` costs in nano-dollars; [Rates#UNKNOWN] where a rate it needs is not listed.
  public long nanoUsd(Usage usage, ServiceTier service) {
    int thousandths = factors.of(service);
    if (thousandths == 0) {
      return UNKNOWN;
    }
    Rates rates = rates(usage.totalInput());
    return (thousandths == 1000 ? rates : scaled(rates, thousandths)).nanoUsd(usage);
  }

  /// The rates of a request whose prompt has `promptTokens`, without any service's factor.
  public Rates rates(long promptTokens) {
    Rates rates = standard;
    for (int i = 0; i < tiers.size(); i++) {
      LongTier tier = tiers.get(i);
      if (promptTokens >= tier.fromTokens()) {
        rates = tier.rates();
      }
    }
    return rates;
  }

  /// The most that so many tokens can cost in nano-dollars, whatever they turn out to be; cut to
  /// the largest `long`.
  ///
  /// @param urgent whether a service is asked for that costs more than the standard one
  public long ceilingNanoUsd(long inputTokens, long outputTokens, boolean urgent) {
    long dearestInput = standard.dearestInput();
    long dearestOutput = standard.dearestOutput();
    for (int i = 0; i < tiers.size(); i++) {
      LongTier tier = tiers.get(i);
      if (inputTokens >= tier.fromTokens()) {
        dearestInput = Math.max(dearestInput, tier.rates().dearestInput());
        dearestOutput = Math.max(dearestOutput, tier.rates().dearestOutput());
      }
    }
    try {
      long sum =
          Math.addExact(
              Math.multiplyExact(inputTokens, dearestInput),
              Math.multiplyExact(outputTokens, dearestOutput));
      long nanos = Math.ceilDiv(sum, Rates.TOKENS_PER_RATE);
      return urgent ? Math.ceilDiv(Math.multiplyExact(nanos, urgentThousandths()), 1000) : nanos;
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  /// No provider that sells urgent service without listing its price asks for more than this much.
  private int urgentThousandths() {
    return factors.priority() == 0 ? 2000 : Math.max(1000, factors.priority());
  }

  /// Exact: the table is refused where a factor leaves a fraction of a nano-dollar per million.
  private static Rates scaled(Rates rates, int thousandths) {
    return new Rates(
        scaled(rates.input(), thousandths),
        scaled(rates.cachedInput(), thousandths),
        scaled(rates.cacheWrite5m(), thousandths),
        scaled(rates.cacheWrite1h(), thousandths),
        scaled(rates.cacheWrite30m(), thousandths),
        scaled(rates.cacheWrite12h(), thousandths),
        scaled(rates.inputAudio(), thousandths),
        scaled(rates.output(), thousandths),
        scaled(rates.outputAudio(), thousandths));
  }

  private static long scaled(long rate, int thousandths) {
    return rate < 0 ? UNKNOWN : rate * thousandths / 1000;
  }
}
