package io.llmproxy.provider.price;

import io.llmproxy.provider.wire.Usage;
import java.math.BigInteger;

/// What one token of each kind costs, in nano-dollars per million tokens; [#UNKNOWN] where nobody
/// says.
///
/// @param input neither read from nor written to a cache, text
/// @param cacheWrite5m the whole price of a token written to a cache that lives 5 minutes, not a
///   surcharge; likewise `1h`, `30m`, `12h`
/// @param output text and reasoning
public record Rates(
    long input,
    long cachedInput,
    long cacheWrite5m,
    long cacheWrite1h,
    long cacheWrite30m,
    long cacheWrite12h,
    long inputAudio,
    long output,
    long outputAudio) {

  /// A rate that is not known; also a cost that is not.
  public static final long UNKNOWN = -1;

  static final long TOKENS_PER_RATE = 1_000_000;

  public Rates {
    if (input < 0 || output < 0) {
      throw new IllegalArgumentException("rates: " + input + ", " + output + " (expected: ≥ 0)");
    }
  }

  /// Rates where audio costs what text does, and every cache write the same.
  public static Rates flat(long input, long cachedInput, long cacheWrite, long output) {
    return new Rates(
        input, cachedInput, cacheWrite, cacheWrite, cacheWrite, cacheWrite, input, output, output);
  }

  /// The most that a token of the prompt costs.
  public long dearestInput() {
    long writes =
        Math.max(Math.max(cacheWrite5m, cacheWrite1h), Math.max(cacheWrite30m, cacheWrite12h));
    return Math.max(Math.max(input, cachedInput), Math.max(writes, inputAudio));
  }

  /// The most that a token of the answer costs.
  public long dearestOutput() {
    return Math.max(output, outputAudio);
  }

  /// What `usage` costs in nano-dollars, rounded half up once, at the end; [#UNKNOWN] where it
  /// holds a token whose rate is. A cost that no `long` holds is cut to the largest.
  long nanoUsd(Usage usage) {
    if (hasUnknown(usage)) {
      return UNKNOWN;
    }
    try {
      return rounded(sum(usage));
    } catch (ArithmeticException _) {
      return largeSum(usage);
    }
  }

  private boolean hasUnknown(Usage usage) {
    return (usage.cachedInput() > 0 && cachedInput < 0)
        || (usage.cacheWrite5m() > 0 && cacheWrite5m < 0)
        || (usage.cacheWrite1h() > 0 && cacheWrite1h < 0)
        || (usage.cacheWrite30m() > 0 && cacheWrite30m < 0)
        || (usage.cacheWrite12h() > 0 && cacheWrite12h < 0)
        || (usage.inputAudio() > 0 && inputAudio < 0)
        || (usage.outputAudio() > 0 && outputAudio < 0);
  }

  private long sum(Usage usage) {
    long sum = Math.multiplyExact(usage.input(), input);
    sum = add(sum, usage.cachedInput(), cachedInput);
    sum = add(sum, usage.cacheWrite5m(), cacheWrite5m);
    sum = add(sum, usage.cacheWrite1h(), cacheWrite1h);
    sum = add(sum, usage.cacheWrite30m(), cacheWrite30m);
    sum = add(sum, usage.cacheWrite12h(), cacheWrite12h);
    sum = add(sum, usage.inputAudio(), inputAudio);
    sum = add(sum, usage.output(), output);
    sum = add(sum, usage.reasoning(), output);
    return add(sum, usage.outputAudio(), outputAudio);
  }

  private static long add(long sum, long tokens, long rate) {
    // No product without tokens: their rate may be unknown.
    return tokens == 0 ? sum : Math.addExact(sum, Math.multiplyExact(tokens, rate));
  }

  private static long rounded(long sum) {
    return sum / TOKENS_PER_RATE + (sum % TOKENS_PER_RATE >= TOKENS_PER_RATE / 2 ? 1 : 0);
  }

  /// The same for counts that are far beyond any real exchange's, but that a provider may claim.
  private long largeSum(Usage usage) {
    long[] tokens = {
      usage.input(),
      usage.cachedInput(),
      usage.cacheWrite5m(),
      usage.cacheWrite1h(),
      usage.cacheWrite30m(),
      usage.cacheWrite12h(),
      usage.inputAudio(),
      usage.output(),
      usage.reasoning(),
      usage.outputAudio()
    };
    long[] rates = {
      input,
      cachedInput,
      cacheWrite5m,
      cacheWrite1h,
      cacheWrite30m,
      cacheWrite12h,
      inputAudio,
      output,
      output,
      outputAudio
    };
    BigInteger sum = BigInteger.valueOf(TOKENS_PER_RATE / 2);
    for (int i = 0; i < tokens.length; i++) {
      sum = sum.add(BigInteger.valueOf(tokens[i]).multiply(BigInteger.valueOf(rates[i])));
    }
    BigInteger cost = sum.divide(BigInteger.valueOf(TOKENS_PER_RATE));
    return cost.bitLength() < Long.SIZE ? cost.longValue() : Long.MAX_VALUE;
  }
}
