package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.proxy.config.ProviderSettings.Price;
import org.jspecify.annotations.Nullable;

/// What usage costs at a price.
final class Cost {

  private static final long TOKENS_PER_RATE = 1_000_000;

  private Cost() {}

  /// In nano-dollars, rounded half up; −1 where the price is unknown.
  static long nanoUsd(@Nullable Price price, Usage usage) {
    if (price == null) {
      return -1;
    }
    long sum =
        Math.multiplyExact(usage.input() + usage.inputAudio(), price.input())
            + Math.multiplyExact(usage.cachedInput(), price.cachedInput())
            + Math.multiplyExact(usage.cacheWrite(), price.cacheWrite())
            + Math.multiplyExact(usage.totalOutput(), price.output());
    return (sum + TOKENS_PER_RATE / 2) / TOKENS_PER_RATE;
  }
}
