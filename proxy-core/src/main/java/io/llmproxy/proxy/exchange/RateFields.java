package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.http.ReplyHead;
import io.llmproxy.proxy.limit.Rate;
import io.llmproxy.proxy.limit.Scope;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The header fields that tell a caller of its limits, by the names that OpenAI uses.
final class RateFields {

  private static final AsciiString PREFIX = AsciiString.cached("x-ratelimit-");
  private static final AsciiString REQUESTS_LIMIT =
      AsciiString.cached("x-ratelimit-limit-requests");
  private static final AsciiString REQUESTS_REMAINING =
      AsciiString.cached("x-ratelimit-remaining-requests");
  private static final AsciiString REQUESTS_RESET =
      AsciiString.cached("x-ratelimit-reset-requests");
  private static final AsciiString TOKENS_LIMIT = AsciiString.cached("x-ratelimit-limit-tokens");
  private static final AsciiString TOKENS_REMAINING =
      AsciiString.cached("x-ratelimit-remaining-tokens");
  private static final AsciiString TOKENS_RESET = AsciiString.cached("x-ratelimit-reset-tokens");

  private RateFields() {}

  /// Whether a field of a provider's is one of these.
  static boolean has(AsciiString name) {
    return name.startsWith(PREFIX);
  }

  static void add(ReplyHead head, Scope scope, long now) {
    add(head, scope.requests(), now, true);
    add(head, scope.tokens(), now, false);
  }

  private static void add(ReplyHead head, @Nullable Rate rate, long now, boolean requests) {
    if (rate != null) {
      long reset = TimeUnit.NANOSECONDS.toMillis(rate.untilFull(now));
      head.add(requests ? REQUESTS_LIMIT : TOKENS_LIMIT, number(rate.limit(), ""));
      head.add(requests ? REQUESTS_REMAINING : TOKENS_REMAINING, number(rate.remaining(now), ""));
      head.add(requests ? REQUESTS_RESET : TOKENS_RESET, number(reset, "ms"));
    }
  }

  private static AsciiString number(long number, String unit) {
    return AsciiString.of(number + unit);
  }
}
