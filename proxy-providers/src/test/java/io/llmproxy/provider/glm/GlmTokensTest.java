package io.llmproxy.provider.glm;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GlmTokensTest {
  /// Sunday, 22 November 2026, 19:45:00 GMT.
  private static final long NOW = 1_795_376_700_000L;

  private final AtomicLong clock = new AtomicLong(NOW);
  private final GlmTokens tokens = new GlmTokens(new GlmKey("id", "secret"), clock::get);

  @Test
  void keepsATokenForHalfItsLife() {
    String first = tokens.authorization();
    clock.addAndGet(GlmTokens.LIFE_MILLIS / 2 - 1);
    assertThat(tokens.authorization()).isSameAs(first);
    clock.addAndGet(1);
    assertThat(tokens.authorization()).isNotEqualTo(first);
    assertThat(timestamp(tokens.authorization())).isEqualTo(NOW + GlmTokens.LIFE_MILLIS / 2);
  }

  @Test
  void makesAnotherTokenWhenTheClockIsSetBack() {
    tokens.authorization();
    clock.addAndGet(-60_000);
    assertThat(timestamp(tokens.authorization())).isEqualTo(NOW - 60_000);
  }

  @Test
  void goesByTheProvidersClockWhereOursIsWrong() {
    tokens.observe("Sun, 22 Nov 2026 20:45:00 GMT");
    assertThat(timestamp(tokens.authorization())).isEqualTo(NOW + 3_600_000);
    clock.addAndGet(GlmTokens.LIFE_MILLIS / 2);
    assertThat(timestamp(tokens.authorization()))
        .isEqualTo(NOW + 3_600_000 + GlmTokens.LIFE_MILLIS / 2);
    tokens.observe("Sun, 22 Nov 2026 20:00:00 GMT");
    assertThat(timestamp(tokens.authorization())).isEqualTo(clock.get());
  }

  @Test
  void takesASecondOrTwoForNoSkew() {
    String first = tokens.authorization();
    tokens.observe("Sun, 22 Nov 2026 19:45:02 GMT");
    tokens.observe("Sun, 22 Nov 2026 19:44:58 GMT");
    tokens.observe("yesterday");
    tokens.observe("");
    assertThat(tokens.authorization()).isSameAs(first);
  }

  @Test
  void renewsARefusedTokenOnce() {
    String first = tokens.authorization();
    clock.addAndGet(1000);
    assertThat(tokens.renew(first)).isTrue();
    String second = tokens.authorization();
    assertThat(second).isNotEqualTo(first);
    clock.addAndGet(1000);
    assertThat(tokens.renew(second)).isFalse();
    assertThat(tokens.authorization()).isSameAs(second);
  }

  @Test
  void takesTheTokenThatAnotherRequestHasRenewed() {
    String first = tokens.authorization();
    clock.addAndGet(1000);
    tokens.renew(first);
    String second = tokens.authorization();
    assertThat(tokens.renew(first)).isTrue();
    assertThat(tokens.authorization()).isSameAs(second);
  }

  @Test
  void renewsAgainOnceTheRenewedTokenWasReplacedByAge() {
    clock.addAndGet(1000);
    tokens.renew(tokens.authorization());
    clock.addAndGet(GlmTokens.LIFE_MILLIS / 2);
    String third = tokens.authorization();
    clock.addAndGet(1000);
    assertThat(tokens.renew(third)).isTrue();
  }

  @Test
  void givesSeveralThreadsTokensThatAreGood() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20_000)
        .parallel()
        .forEach(i -> {
          if (i % 1000 == 0) {
            clock.addAndGet(GlmTokens.LIFE_MILLIS / 4);
          }
          seen.add(tokens.authorization());
        });
    assertThat(seen).hasSizeBetween(2, 64);
    assertThat(seen).allSatisfy(token -> assertThat(timestamp(token)).isBetween(NOW, clock.get()));
  }

  private static long timestamp(String authorization) {
    assertThat(authorization).startsWith("Bearer ");
    return JWT.decode(authorization.substring("Bearer ".length())).getClaim("timestamp").asLong();
  }
}
