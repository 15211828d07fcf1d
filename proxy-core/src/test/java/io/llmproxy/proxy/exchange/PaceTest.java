package io.llmproxy.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PaceTest {

  private static final long NOW = Instant.parse("2026-11-23T10:00:00Z").toEpochMilli();

  @ParameterizedTest
  @CsvSource({
    "1s, 1000",
    "6m0s, 60000",
    "20ms, 20",
    "7.66s, 7660",
    "2m59.56s, 60000",
    "1h2m, 60000",
    "0s, 0",
    "'', 0",
    "soon, 0",
    "2026-11-23T10:00:03Z, 3000",
    "2026-11-23T09:59:00Z, 0",
    "99999999999999s, 0"
  })
  void waitsUntilTheLimitIsAnewButNeverLong(String reset, long millis) {
    assertThat(millisOf("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset))
        .isEqualTo(millis);
    assertThat(
            millisOf(
                "anthropic-ratelimit-tokens-remaining",
                "0",
                "anthropic-ratelimit-tokens-reset",
                reset))
        .isEqualTo(millis);
  }

  @Test
  void doesNotWaitWhileSomethingIsLeft() {
    assertThat(millisOf("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", "1s"))
        .isZero();
    assertThat(millisOf("x-ratelimit-limit-requests", "0")).isZero();
    assertThat(millisOf("x-ratelimit-remaining-requests", "0")).isZero();
    assertThat(millisOf()).isZero();
  }

  @Test
  void waitsForTheLongestOfSeveral() {
    assertThat(
            millisOf(
                "x-ratelimit-remaining-requests",
                "0",
                "x-ratelimit-reset-requests",
                "1s",
                "x-ratelimit-remaining-tokens",
                "0",
                "x-ratelimit-reset-tokens",
                "2s"))
        .isEqualTo(2000);
  }

  private static long millisOf(String... fields) {
    List<AsciiString> all = Stream.of(fields).map(AsciiString::of).toList();
    return Pace.waitMillis(all, NOW);
  }
}
