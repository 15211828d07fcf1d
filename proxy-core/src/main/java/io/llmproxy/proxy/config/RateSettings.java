package io.llmproxy.proxy.config;

/// How much may pass somewhere; 0 where there is no limit.
public record RateSettings(int requestsPerMinute, int tokensPerMinute, int concurrentRequests) {

  /// No limit.
  public static final RateSettings NONE = new RateSettings(0, 0, 0);

  /// What the defaults for those who have none of their own say, piece by piece.
  public RateSettings or(RateSettings defaults) {
    return new RateSettings(
        requestsPerMinute == 0 ? defaults.requestsPerMinute : requestsPerMinute,
        tokensPerMinute == 0 ? defaults.tokensPerMinute : tokensPerMinute,
        concurrentRequests == 0 ? defaults.concurrentRequests : concurrentRequests);
  }
}
