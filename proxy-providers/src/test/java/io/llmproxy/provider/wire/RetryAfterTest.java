package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {
  /// 22 November 2026, 19:45:00 GMT.
  private static final long NOW = 1_795_376_700_000L;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "-1",
        "1e9",
        "0x10",
        "1.2.3",
        "12 s",
        "1h30",
        "h",
        "99999999999999999999",
        "Sun, 32 Nov 2026 19:45:00 GMT",
        "2026-11-22",
        "٣"
      })
  void knowsNothingFromWhatIsNoTime(String value) {
    assertThat(millis(Map.of("retry-after", value))).isEqualTo(RetryAfter.UNKNOWN);
    assertThat(millis(Map.of("retry-after-ms", value))).isEqualTo(RetryAfter.UNKNOWN);
    assertThat(RetryAfter.ofReset(value, NOW)).isEqualTo(RetryAfter.UNKNOWN);
  }

  @EdgeCase(49)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "31 | 31000",
        "0 | 0",
        "1.5 | 1500",
        "0.0004 | 0",
        "999999999999 | 604800000",
        "Sun, 22 Nov 2026 19:45:31 GMT | 31000",
        "Sunday, 22-Nov-26 19:45:31 GMT | 31000",
        "Sun Nov 22 19:45:31 2026 | 31000",
        "Sun, 22 Nov 2026 19:44:00 GMT | 0",
        "Wed, 22 Nov 2034 19:44:00 GMT | 604800000",
        "2m | 120000"
      })
  void readsRetryAfter(String value, long millis) {
    assertThat(millis(Map.of("retry-after", value))).isEqualTo(millis);
  }

  @EdgeCase(49)
  @ParameterizedTest
  @CsvSource({
    "6m0s, 360000",
    "120ms, 120",
    "2m59.56s, 179560",
    "7.66s, 7660",
    "1h2m3s, 3723000",
    "1d, 86400000",
    "500us, 0",
    "2026-11-22T19:45:31Z, 31000",
    "2026-11-22T20:45:31.5+01:00, 31500",
    "30, 30000",
    "1795376731, 31000"
  })
  void readsWhenALimitIsLifted(String value, long millis) {
    assertThat(RetryAfter.ofReset(value, NOW)).isEqualTo(millis);
  }

  @Test
  void prefersWhatIsFiner() {
    Map<String, String> fields = new HashMap<>();
    fields.put("x-ratelimit-remaining-tokens", "0");
    fields.put("x-ratelimit-reset-tokens", "6m0s");
    assertThat(millis(fields)).isEqualTo(360_000);
    fields.put("retry-after", "2");
    assertThat(millis(fields)).isEqualTo(2000);
    fields.put("retry-after-ms", "1234.5");
    assertThat(millis(fields)).isEqualTo(1234);
  }

  @Test
  void waitsForTheLimitsThatAreSpentAlone() {
    assertThat(
            millis(
                Map.of(
                    "x-ratelimit-remaining-requests", "7",
                    "x-ratelimit-reset-requests", "2m59.56s",
                    "x-ratelimit-remaining-tokens", "0",
                    "x-ratelimit-reset-tokens", "7.66s")))
        .isEqualTo(7660);
    assertThat(
            millis(
                Map.of(
                    "anthropic-ratelimit-requests-remaining", "0",
                    "anthropic-ratelimit-requests-reset", "2026-11-22T19:46:01Z",
                    "anthropic-ratelimit-input-tokens-remaining", "0",
                    "anthropic-ratelimit-input-tokens-reset", "2026-11-22T19:45:31Z")))
        .isEqualTo(61_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Rate limit reached. Please try again in 7.66s. | 7660",
        "Please try again in 120ms | 120",
        "Usage limit reached. Your limit will reset at 2026-11-23 04:00:00 | 900000",
        "限额将在 2026-11-23 03:46:00 重置。 | 60000",
        "Your limit will reset at 2026-13-45 99:00:00 | -1",
        "Please try again later. | -1"
      })
  void readsTheMessageWhereNoFieldSaysIt(String message, long millis) {
    ErrorReply reply = new ErrorReply(429, null, new byte[0], _ -> null, NOW);
    assertThat(RetryAfter.millis(reply, message)).isEqualTo(millis);
  }

  private static long millis(Map<String, String> fields) {
    return RetryAfter.millis(new ErrorReply(429, null, new byte[0], fields::get, NOW), "");
  }
}
