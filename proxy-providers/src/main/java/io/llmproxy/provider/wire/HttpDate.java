package io.llmproxy.provider.wire;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/// Instants as HTTP writes them in `Date` and `Retry-After` (RFC 9110 section 5.6.7).
public final class HttpDate {
  /// Stands for a text that is no date.
  public static final long NONE = Long.MIN_VALUE;

  private static final int LONGEST = 64;
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH);
  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH);

  private HttpDate() {}

  /// Milliseconds since 1970; [#NONE] where `text` is no date in any of the three forms.
  public static long parseMillis(CharSequence text) {
    String date = text.length() > LONGEST ? "" : text.toString().strip();
    if (date.length() < 4) {
      return NONE;
    }
    try {
      if (date.charAt(3) == ',') {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
            .toInstant()
            .toEpochMilli();
      }
      DateTimeFormatter old = date.indexOf(',') > 0 ? RFC_850 : ASCTIME;
      return LocalDateTime.parse(date, old).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException _) {
      return NONE;
    }
  }
}
