package io.llmproxy.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.KeyHash;
import io.llmproxy.proxy.config.KeySettings;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whose key it is.
final class PrincipalsTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private final Principals principals =
      principals(key("ci", null), key("old", NOW), key("fresh", NOW.plusMillis(1)));

  private static KeySettings key(String name, @Nullable Instant expires) {
    KeyHash hash = KeyHash.ofKey(("llmp-" + name).getBytes(StandardCharsets.UTF_8));
    return new KeySettings(name, hash, List.of(), RateSettings.NONE, BudgetSettings.NONE, expires);
  }

  private static Principals principals(KeySettings... keys) {
    return new Principals(new KeyTable(List.of(keys)), null, InstantSource.fixed(NOW));
  }

  private Identity of(byte[] shown) {
    return principals.of(new Shown(shown, 0, shown.length));
  }

  private Identity of(String shown) {
    return of(shown.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertNobody(Identity identity, String why) {
    assertThat(identity).isInstanceOf(Unknown.class);
    assertThat(((Unknown) identity).failure().kind()).isEqualTo(FailureKind.KEY_INVALID);
    assertThat(((Unknown) identity).failure().message()).contains(why);
  }

  @Test
  void aKeyOfAMegabyteIsNobodys() {
    assertNobody(of(new byte[1 << 20]), "not one of this proxy's");
  }

  @Test
  void bytesThatAreNoTextAreNobodys() {
    assertNobody(of(new byte[] {-1, 0, -128, 127}), "not one of this proxy's");
  }

  @Test
  void whatOnlyBeginsLikeAKeyIsNobodys() {
    assertNobody(of("llmp-c"), "not one of this proxy's");
    assertNobody(of("llmp-ci "), "not one of this proxy's");
    assertNobody(of("LLMP-CI"), "not one of this proxy's");
  }

  @Test
  void aHashIsNotItsKey() {
    assertNobody(of(key("ci", null).hash().toString()), "not one of this proxy's");
  }

  @Test
  void aRefusalDoesNotTellTheKeyShown() {
    assertThat(of("llmp-canary").toString()).doesNotContain("canary");
    assertThat(new Shown("canary".getBytes(StandardCharsets.UTF_8), 0, 6).toString())
        .isEqualTo("***");
  }

  @Test
  void whoShowsNothingIsToldHow() {
    assertNobody(principals.of(null), "x-api-key: KEY");
  }

  @Test
  void aKeyExpiresAtItsInstant() {
    assertNobody(of("llmp-old"), "old expired at 2026-06-01");
    assertThat(of("llmp-fresh")).isInstanceOf(Principal.class);
  }

  @Test
  void aKeyIsFoundInTheMiddleOfBytes() {
    byte[] bytes = "bearer llmp-ci,".getBytes(StandardCharsets.UTF_8);
    assertThat(principals.of(new Shown(bytes, 7, 7)))
        .isInstanceOfSatisfying(Principal.class, who -> assertThat(who.name()).isEqualTo("ci"));
  }

  @Test
  void aTokenIsAKeyLikeAnyWhereNoIssuerIsKnown() {
    assertNobody(of("eyJhbGciOiJub25lIn0.e30."), "not one of this proxy's");
  }

  @Test
  void everyOfManyKeysIsFoundAndNoOther() {
    List<KeySettings> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      keys.add(key("k" + i, null));
    }
    Principals many = principals(keys.toArray(KeySettings[]::new));
    for (int i = 0; i < 20_000; i++) {
      byte[] shown = ("llmp-k" + i).getBytes(StandardCharsets.UTF_8);
      Identity found = many.of(new Shown(shown, 0, shown.length));
      String name = found instanceof Principal who ? who.name() : "nobody";
      assertThat(name).isEqualTo(i < 10_000 ? "k" + i : "nobody");
    }
  }

  @Test
  void modelsAreNamesOrBeginnings() {
    Principal who =
        new Principal(
            Principal.Kind.KEY,
            "ci",
            List.of("gpt-6", "claude-*"),
            RateSettings.NONE,
            BudgetSettings.NONE,
            null);
    assertThat(List.of("gpt-6", "claude-", "claude-x")).allMatch(who::allows);
    assertThat(List.of("gpt-6.1", "gpt-", "openai/gpt-6", "claude", "", "Claude-x", "*"))
        .noneMatch(who::allows);
    assertThat(Principal.ofAddress("::1").allows("anything")).isTrue();
  }
}
