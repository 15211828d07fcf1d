package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.Settings.Address;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The kinds of scalar a configuration knows.
final class Scalars {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final Pattern DURATION_FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern SIZE_FORM = Pattern.compile("([0-9]{1,10})(|B|KiB|MiB|GiB)");
  private static final Pattern NUMBER_FORM = Pattern.compile("[0-9]{1,10}");

  // Bounded digits and no exponent: a decimal such as 1e999999999 must not be computed.
  private static final Pattern MONEY_FORM =
      Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?|\\.[0-9]{1,9}");
  private static final int NANO_DIGITS = 9;

  static final Syntax<String> TEXT =
      new Syntax<>("a text", text -> text.isBlank() || hasControl(text) ? null : text);
  static final Syntax<Boolean> BOOLEAN =
      new Syntax<>(
          "true or false",
          text ->
              switch (text) {
                case "true" -> Boolean.TRUE;
                case "false" -> Boolean.FALSE;
                default -> null;
              });
  static final Syntax<Duration> DURATION =
      new Syntax<>(
          "a duration such as 250ms, 2s, 1m or 1h, from 1ms to 24h",
          text -> duration(text, Duration.ofMillis(1)));
  static final Syntax<Duration> DURATION_OR_ZERO =
      new Syntax<>(
          "a duration such as 250ms, 2s, 1m or 1h, from 0s to 24h",
          text -> duration(text, Duration.ZERO));
  static final Syntax<Address> ADDRESS =
      new Syntax<>("HOST:PORT, [IPV6]:PORT or :PORT, port 0 to 65535", AddressSyntax::read);

  /// US dollars, read as nano-dollars, exactly.
  static final Syntax<Long> DOLLARS =
      new Syntax<>("US dollars, such as 2.5, at most 9 decimals, not negative", Scalars::dollars);

  private Scalars() {}

  static Syntax<Integer> count(int least, int most) {
    return new Syntax<>(
        "a whole number from " + least + " to " + most,
        text -> {
          Long number = NUMBER_FORM.matcher(text).matches() ? Long.valueOf(text) : null;
          return number == null || number < least || number > most ? null : number.intValue();
        });
  }

  /// Bytes.
  static Syntax<Integer> size(int least, int most) {
    return new Syntax<>(
        "a size such as 64KiB, 32MiB or 65536, from " + shownSize(least) + " to " + shownSize(most),
        text -> {
          Long size = bytes(text);
          return size == null || size < least || size > most ? null : size.intValue();
        });
  }

  private static @Nullable Long bytes(String text) {
    Matcher form = SIZE_FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    int shift =
        switch (form.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    // Ten digits times 2^30 is below 2^64 but not below 2^63: the comparison must not see a wrap.
    return Math.multiplyExact(Math.min(Long.parseLong(form.group(1)), 1L << 32), 1L << shift);
  }

  private static String shownSize(int bytes) {
    boolean mebi = bytes >= 1 << 20;
    boolean kibi = bytes >= 1 << 10;
    return mebi ? (bytes >> 20) + "MiB" : kibi ? (bytes >> 10) + "KiB" : bytes + "B";
  }

  private static @Nullable Duration duration(String text, Duration least) {
    Matcher form = DURATION_FORM.matcher(text);
    if (!form.matches()) {
      return null;
    }
    Duration unit = TIME_UNITS.getOrDefault(form.group(2), Duration.ZERO);
    Duration duration = unit.multipliedBy(Long.parseLong(form.group(1)));
    return duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0 ? null : duration;
  }

  private static @Nullable Long dollars(String text) {
    if (!MONEY_FORM.matcher(text).matches()) {
      return null;
    }
    return new BigDecimal(text).movePointRight(NANO_DIGITS).longValueExact();
  }

  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
