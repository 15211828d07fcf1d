package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.JwtSettings.Algorithm;
import io.llmproxy.proxy.config.JwtSettings.SharedSecret;
import io.llmproxy.proxy.config.Settings.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may use the proxy, as the file says it.
final class AccessReaderTest {
  private static final String HASH = "sha256:" + "0123456789abcdef".repeat(4);
  private static final String KEY = "keys: [{name: ci, hash: \"" + HASH + "\"}]";
  private static final String SECRET = "canary-secret-of-more-than-32-bytes";

  @TempDir Path directory;

  private ConfigFile file(String lines) {
    return ConfigFile.of(directory, "llmproxy:\n  " + lines + "\n");
  }

  @Test
  void readsAKeyWithAllThatIsItsOwn() {
    KeySettings key =
        file("""
        keys:
            - name: ci
              hash: "%s"
              models: [gpt-6, "claude-*"]
              rate_limits: {requests_per_minute: 5}
              cost_budget: {daily_limit: 2}
              expires: 2027-01-31\
        """
                .formatted(HASH))
            .settings()
            .access()
            .keys()
            .getFirst();
    assertThat(key)
        .isEqualTo(
            new KeySettings(
                "ci",
                Objects.requireNonNull(KeyHash.read(HASH)),
                List.of("gpt-6", "claude-*"),
                new RateSettings(5, 0, 0),
                new BudgetSettings(
                    BudgetSettings.UNLIMITED, 2_000_000_000L, BudgetSettings.UNLIMITED),
                Instant.parse("2027-01-31T00:00:00Z")));
    assertThat(key.hash().toString()).isEqualTo(HASH);
  }

  @Test
  void refusesTwoKeysOfOneNameOrOneHash() {
    String other = HASH.replace("0123", "ffff");
    String list = "keys:\n    - {name: a, hash: \"%s\"}\n    - {name: %s, hash: \"%s\"}";
    assertThat(file(list.formatted(HASH, "a", other)).problems())
        .containsExactly("4:14: keys[1].name: the same name as that of line 3");
    assertThat(file(list.formatted(HASH, "b", HASH.replace("abcdef", "ABCDEF"))).problems())
        .containsExactly("4:23: keys[1].hash: the same hash as that of line 3");
  }

  @Test
  void withKeysEveryAddressMayBeServed() {
    Settings settings = file("listen_addr: \":9000\"\n  " + KEY).settings();
    assertThat(settings.listen()).isEqualTo(new Address("0.0.0.0", 9000));
    assertThat(settings.warnings()).noneMatch(warning -> warning.contains("no client keys"));
    assertThat(file("listen_addr: \"192.168.1.5:80\"\n  " + KEY).settings().access().isGuarded())
        .isTrue();
  }

  @Test
  void saysThatAnonymousUseIsNotAllowedByKeys() {
    assertThat(file("allow_anonymous: true\n  " + KEY).settings().warnings())
        .contains(
            "allow_anonymous: without effect: every caller must show one of the keys or tokens"
                + " configured");
  }

  @Test
  void noKeysInTheListAreNoKeys() {
    assertThat(file("listen_addr: \"0.0.0.0:1\"\n  keys: []").problems())
        .singleElement()
        .asString()
        .contains("no client keys");
  }

  @Test
  void readsAnIssuerThatSharesASecret() {
    JwtSettings jwt =
        Objects.requireNonNull(
            file("jwt: {issuer: i, audience: a, secret: " + SECRET + ", leeway: 5s}")
                .settings()
                .access()
                .jwt());
    assertThat(jwt.verification()).isEqualTo(new SharedSecret(new Secret(SECRET)));
    assertThat(jwt.algorithms()).containsExactly(Algorithm.HS256);
    assertThat(jwt.leeway()).isEqualTo(Duration.ofSeconds(5));
    assertThat(jwt.toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "issuer: i, audience: a                                   | needs one of secret, secret_file",
        "issuer: i, secret: canary-secret-of-more-than-32-bytes   | needs audience",
        "issuer: i, audience: a, secret: canary-short             | at least 32 bytes",
        "issuer: i, audience: a, jwks_url: \"http://e.org/canary\"  | expected: https://",
        "issuer: i, audience: a, jwks_url: \"file:///canary\"       | expected: https://",
        "issuer: i, audience: a, jwks_url: \"https://u:canary@h/\"  | expected: https://",
        "issuer: i, audience: a, jwks_url: \"https://h/\", algorithms: [HS256]  | public keys go with",
        "issuer: i, audience: a, jwks_url: \"https://h/\", algorithms: [none]   | HS256, RS256, ES256",
        "issuer: i, audience: a, jwks_url: \"https://h/\", secret: s | give only one of",
        "issuer: i, audience: a, jwks_url: \"https://h/\", leeway: 11m | would let expired tokens"
      })
  void refusesAnIssuerThatCouldNotBeTrusted(String jwt, String problem) {
    assertThat(file("jwt: {" + jwt + "}").problems())
        .anyMatch(found -> found.contains(problem))
        .noneMatch(found -> found.contains("canary"));
  }
}
