package io.llmproxy.provider.glm;

import io.llmproxy.provider.wire.HttpDate;
import java.util.function.LongSupplier;

/// The tokens of one key, each used until half its life is over.
///
/// Safe for use by several threads: two that find the token old at once make one each, and both are
/// good.
public final class GlmTokens {
  /// How long a token is good.
  static final long LIFE_MILLIS = 30 * 60 * 1000L;

  /// `Date` is in whole seconds, and old by the time the reply took; less is no skew.
  static final long SLIGHT_SKEW_MILLIS = 5_000;

  private final GlmKey key;
  private final LongSupplier clockMillis;
  private volatile Issued issued;

  /// What the next request is to show.
  ///
  /// @param token the last one made
  /// @param authorization the header's value
  /// @param skewMillis how far GLM's clock is ahead of ours
  /// @param renewed whether it came in the place of one that was refused
  private record Issued(GlmToken token, String authorization, long skewMillis, boolean renewed) {}

  /// @param clockMillis Unix time; never called but in the methods below
  public GlmTokens(GlmKey key, LongSupplier clockMillis) {
    this.key = key;
    this.clockMillis = clockMillis;
    this.issued = issue(clockMillis.getAsLong(), 0, false);
  }

  /// The value of the `authorization` header for a request that leaves now.
  public String authorization() {
    Issued current = issued;
    long nowMillis = clockMillis.getAsLong();
    long ageMillis = nowMillis + current.skewMillis - current.token.issuedMillis();
    // A negative age: our clock was set back.
    if (ageMillis >= LIFE_MILLIS / 2 || ageMillis < 0) {
      current = issue(nowMillis, current.skewMillis, false);
      issued = current;
    }
    return current.authorization;
  }

  /// Learns from the `date` header of one of GLM's replies how far its clock is from ours. What is
  /// no date changes nothing.
  public void observe(CharSequence date) {
    long theirsMillis = HttpDate.parseMillis(date);
    if (theirsMillis == HttpDate.NONE) {
      return;
    }
    long nowMillis = clockMillis.getAsLong();
    long skewMillis = theirsMillis - nowMillis;
    if (Math.abs(skewMillis) <= SLIGHT_SKEW_MILLIS) {
      skewMillis = 0;
    }
    Issued current = issued;
    if (Math.abs(skewMillis - current.skewMillis) > SLIGHT_SKEW_MILLIS) {
      issued = issue(nowMillis, skewMillis, current.renewed);
    }
  }

  /// GLM said that the token of `refused` (as given by [#authorization]) is expired: whether there
  /// is another one now, so that the request is worth one more attempt. A token that came in the
  /// place of a refused one is not replaced again before it is old: then time is not what is wrong.
  ///
  /// Where the reply has a `date`, [#observe] it first.
  public boolean renew(String refused) {
    Issued current = issued;
    if (!current.authorization.equals(refused)) {
      return true;
    }
    if (current.renewed) {
      return false;
    }
    Issued next = issue(clockMillis.getAsLong(), current.skewMillis, true);
    issued = next;
    return !next.authorization.equals(refused);
  }

  private Issued issue(long nowMillis, long skewMillis, boolean renewed) {
    GlmToken token = GlmToken.issue(key, nowMillis + skewMillis, LIFE_MILLIS);
    return new Issued(token, "Bearer " + token.value(), skewMillis, renewed);
  }
}
