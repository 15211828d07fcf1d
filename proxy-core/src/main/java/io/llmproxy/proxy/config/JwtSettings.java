package io.llmproxy.proxy.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An issuer whose tokens stand for keys.
///
/// @param algorithms those a token may be signed with
/// @param nameClaim names who asks
/// @param modelsClaim lists the models a token is good for; null for all
/// @param leeway how far the clocks may be apart
/// @param rates the limits of each who asks so
public record JwtSettings(
    String issuer,
    String audience,
    Verification verification,
    Set<Algorithm> algorithms,
    String nameClaim,
    @Nullable String modelsClaim,
    Duration leeway,
    RateSettings rates,
    BudgetSettings budget) {

  /// How a token is signed.
  public enum Algorithm {
    HS256,
    RS256,
    ES256
  }

  /// What a signature is checked against.
  public sealed interface Verification {}

  /// A secret shared with the issuer.
  public record SharedSecret(Secret secret) implements Verification {}

  /// The issuer's public keys in a file.
  public record KeyFile(Path file) implements Verification {}

  /// The issuer's public keys where it publishes them.
  public record KeyUrl(URI url) implements Verification {}
}
