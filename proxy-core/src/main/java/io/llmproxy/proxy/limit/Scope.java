package io.llmproxy.proxy.limit;

import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.lease.Sharing;
import org.jspecify.annotations.Nullable;

/// All limits of one caller, provider or model, or of the whole proxy. Used by any thread.
///
/// @param name for messages, such as `key alice`
/// @param requests a minute, null where there is no limit
/// @param tokens a minute, likewise
/// @param concurrent requests at once, likewise
public record Scope(
    String name, @Nullable Rate requests, @Nullable Rate tokens, @Nullable Slots concurrent) {

  /// Most requests are of fewer tokens.
  private static final int LEAST_TOKENS = 1_024;

  /// Limits of this proxy alone.
  public static Scope of(String name, RateSettings rates, long now) {
    return new Scope(
        name,
        bucket(rates.requestsPerMinute(), now),
        bucket(rates.tokensPerMinute(), now),
        rates.concurrentRequests() == 0 ? null : new OwnSlots(rates.concurrentRequests()));
  }

  private static @Nullable Rate bucket(int limit, long now) {
    return limit == 0 ? null : new Bucket(limit, now);
  }

  /// Limits of many proxies together.
  ///
  /// @param key the same in every proxy, and of no other scope
  public static Scope shared(String name, String key, RateSettings rates, Sharing sharing) {
    return new Scope(
        name,
        rate(key + ":requests", rates.requestsPerMinute(), 1, sharing),
        rate(key + ":tokens", rates.tokensPerMinute(), LEAST_TOKENS, sharing),
        rates.concurrentRequests() == 0
            ? null
            : new SharedSlots(key + ":concurrent", rates.concurrentRequests(), sharing));
  }

  private static @Nullable Rate rate(String key, int limit, int least, Sharing sharing) {
    return limit == 0 ? null : new SharedRate(key, limit, least, sharing);
  }

  /// Whether there is anything to be counted.
  public boolean isLimited() {
    return requests != null || tokens != null || concurrent != null;
  }

  /// Takes one request of `tokensOfIt` tokens: of all limits, or of none.
  ///
  /// @return null where it was taken
  public @Nullable Refusal take(long tokensOfIt, long now) {
    if (concurrent != null && !concurrent.take()) {
      return new Refusal(this, Refusal.Limit.CONCURRENT_REQUESTS, 1, Refusal.UNKNOWN);
    }
    long wait = requests == null ? 0 : requests.take(1, now);
    if (wait != 0) {
      freeSlot();
      return new Refusal(this, Refusal.Limit.REQUESTS, 1, wait);
    }
    wait = tokens == null ? 0 : tokens.take(tokensOfIt, now);
    if (wait != 0) {
      freeSlot();
      if (requests != null) {
        requests.correct(-1);
      }
      return new Refusal(this, Refusal.Limit.TOKENS, tokensOfIt, wait);
    }
    return null;
  }

  /// Gives back a request as if it had never been taken.
  public void giveBack(long tokensOfIt) {
    freeSlot();
    if (requests != null) {
      requests.correct(-1);
    }
    correctTokens(-tokensOfIt);
  }

  /// A request that was taken is over; it came to `more` tokens than were taken for it.
  public void end(long more) {
    freeSlot();
    correctTokens(more);
  }

  private void correctTokens(long more) {
    if (tokens != null) {
      tokens.correct(more);
    }
  }

  private void freeSlot() {
    if (concurrent != null) {
      concurrent.giveBack();
    }
  }
}
