package io.llmproxy.provider.wire;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When a provider wants to be asked again, in whichever way it says so.
final class RetryAfter {
  static final long UNKNOWN = -1;

  /// A week: longer waits, and numbers that make no sense, are cut to it.
  static final long LONGEST_MILLIS = 7 * 24 * 3600 * 1000L;

  private static final Pattern DECIMAL = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");

  /// As Go writes durations: `6m0s`, `120ms`, `2m59.56s`.
  private static final Pattern UNIT =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(d|h|ms|m|s|us|µs|ns)");

  private static final Pattern DURATION = Pattern.compile("(?:" + UNIT.pattern() + "){1,7}");

  /// As OpenAI, Groq and others say it in the message.
  private static final Pattern IN_MESSAGE =
      Pattern.compile("(?:try again|retry) (?:in|after) ((?:" + UNIT.pattern() + "){1,7})");

  /// As GLM says when a plan's limit is lifted; in China's time.
  private static final Pattern RESET_AT =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}");

  private static final DateTimeFormatter RESET = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

  private static final String[] OPENAI_LIMITS = {"requests", "tokens"};
  private static final String[] ANTHROPIC_LIMITS = {
    "requests", "tokens", "input-tokens", "output-tokens"
  };

  private RetryAfter() {}

  /// Milliseconds from now, 0 for an instant that is past; [#UNKNOWN] where the reply does not say.
  static long millis(ErrorReply reply, String message) {
    long said = ofMillis(reply.field("retry-after-ms"));
    if (said == UNKNOWN) {
      said = ofField(reply.field("retry-after"), reply.nowMillis());
    }
    if (said == UNKNOWN) {
      said = ofLimits(reply);
    }
    return said == UNKNOWN ? ofMessage(message, reply.nowMillis()) : said;
  }

  /// `Retry-After`: seconds, also with a fraction, or a date.
  private static long ofField(@Nullable String value, long nowMillis) {
    if (value == null) {
      return UNKNOWN;
    }
    String text = value.strip();
    if (DECIMAL.matcher(text).matches()) {
      return cut(new BigDecimal(text).movePointRight(3).longValue());
    }
    long at = HttpDate.parseMillis(text);
    return at == HttpDate.NONE ? duration(text) : cut(at - nowMillis);
  }

  private static long ofMillis(@Nullable String value) {
    String text = value == null ? "" : value.strip();
    return DECIMAL.matcher(text).matches() ? cut(new BigDecimal(text).longValue()) : UNKNOWN;
  }

  /// The latest reset among the limits that are used up.
  private static long ofLimits(ErrorReply reply) {
    long latest = UNKNOWN;
    for (String limit : OPENAI_LIMITS) {
      if (isSpent(reply.field("x-ratelimit-remaining-" + limit))) {
        String reset = reply.field("x-ratelimit-reset-" + limit);
        latest = Math.max(latest, ofReset(reset, reply.nowMillis()));
      }
    }
    for (String limit : ANTHROPIC_LIMITS) {
      if (isSpent(reply.field("anthropic-ratelimit-" + limit + "-remaining"))) {
        String reset = reply.field("anthropic-ratelimit-" + limit + "-reset");
        latest = Math.max(latest, ofReset(reset, reply.nowMillis()));
      }
    }
    return latest;
  }

  private static boolean isSpent(@Nullable String remaining) {
    return remaining != null && remaining.strip().equals("0");
  }

  /// When a limit is lifted: a Go duration, RFC 3339, or seconds; large ones since 1970.
  static long ofReset(@Nullable String value, long nowMillis) {
    if (value == null) {
      return UNKNOWN;
    }
    String text = value.strip();
    if (DECIMAL.matcher(text).matches()) {
      long millis = new BigDecimal(text).movePointRight(3).longValue();
      return cut(millis > nowMillis / 2 ? millis - nowMillis : millis);
    }
    long duration = duration(text);
    return duration == UNKNOWN ? ofInstant(text, nowMillis) : duration;
  }

  private static long ofInstant(String text, long nowMillis) {
    try {
      return cut(
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from).toEpochMilli()
              - nowMillis);
    } catch (DateTimeException | ArithmeticException _) {
      return UNKNOWN;
    }
  }

  private static long ofMessage(String message, long nowMillis) {
    Matcher in = IN_MESSAGE.matcher(message);
    if (in.find()) {
      return duration(in.group(1));
    }
    Matcher at = RESET_AT.matcher(message);
    if (!at.find()) {
      return UNKNOWN;
    }
    try {
      LocalDateTime reset = LocalDateTime.parse(at.group(), RESET);
      return cut(reset.toInstant(CHINA).toEpochMilli() - nowMillis);
    } catch (DateTimeException _) {
      return UNKNOWN;
    }
  }

  private static long duration(String text) {
    if (!DURATION.matcher(text).matches()) {
      return UNKNOWN;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher unit = UNIT.matcher(text);
    while (unit.find()) {
      BigDecimal one = BigDecimal.valueOf(nanosOf(unit.group(2)));
      nanos = nanos.add(new BigDecimal(unit.group(1)).multiply(one));
    }
    return cut(nanos.movePointLeft(6).longValue());
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "d" -> 24 * 3_600_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000L;
      case "ms" -> 1_000_000L;
      case "ns" -> 1L;
      default -> 1_000L;
    };
  }

  private static long cut(long millis) {
    return Math.clamp(millis, 0, LONGEST_MILLIS);
  }
}
