package io.llmproxy.proxy.exchange;

import io.netty.util.AsciiString;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a provider's rate-limit fields say of the next request: nothing, or that it would be
/// refused before a certain time. OpenAI, Groq and xAI: `x-ratelimit-remaining-requests: 0` with
/// `x-ratelimit-reset-requests: 6m0s`; Anthropic: `anthropic-ratelimit-requests-remaining: 0` with
/// `anthropic-ratelimit-requests-reset:` and a time of RFC 3339.
final class Pace {

  private static final String REMAINING = "remaining";
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)ms)?");
  private static final long LONGEST_MILLIS = 60_000;

  private Pace() {}

  /// How long the next request should wait, in milliseconds, at most a minute; 0 for not at all.
  static long waitMillis(List<AsciiString> fields, long nowMillis) {
    long wait = 0;
    for (int i = 0; i < fields.size(); i += 2) {
      AsciiString value = fields.get(i + 1);
      if (value.length() == 1 && value.byteAt(0) == '0') {
        wait = Math.max(wait, waitMillis(fields, fields.get(i).toString(), nowMillis));
      }
    }
    return Math.min(wait, LONGEST_MILLIS);
  }

  private static long waitMillis(List<AsciiString> fields, String name, long nowMillis) {
    if (!name.contains(REMAINING)) {
      return 0;
    }
    String reset = name.replace(REMAINING, "reset");
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).contentEquals(reset)) {
        return millis(fields.get(i + 1).toString(), nowMillis);
      }
    }
    return 0;
  }

  private static long millis(String reset, long nowMillis) {
    Matcher duration = DURATION.matcher(reset);
    if (!reset.isEmpty() && duration.matches()) {
      double seconds =
          3600 * number(duration.group(1))
              + 60 * number(duration.group(2))
              + number(duration.group(3));
      return (long) Math.ceil(1000 * seconds + number(duration.group(4)));
    }
    try {
      return Math.max(0, Instant.parse(reset).toEpochMilli() - nowMillis);
    } catch (DateTimeException _) {
      return 0;
    }
  }

  private static double number(@Nullable String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }
}
