package io.llmproxy.proxy.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.IncorrectClaimException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.MissingClaimException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.Claim;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmproxy.proxy.auth.IssuerKeys.Found;
import io.llmproxy.proxy.config.JwtSettings;
import io.llmproxy.proxy.config.KeyHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tokens of one issuer: who shows one, once its signature and its claims are checked. What was
/// found good is kept by its hash until it expires, so that only a token's first use pays for the
/// signature. Used by all event loops.
final class Tokens implements AutoCloseable {

  private static final int MOST_KEPT = 10_000;
  private static final int LONGEST_NAME = 128;
  private static final Unknown INVALID =
      Unknown.because("the token is not one of the issuer that this proxy knows");
  private static final Unknown EXPIRED = Unknown.because("the token has expired");
  private static final Unknown OF_OTHERS =
      Unknown.because("the token's issuer or audience is not the one that this proxy expects");

  private final JwtSettings settings;
  private final IssuerKeys keys;
  private final Cache<KeyHash, Principal> good =
      Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

  Tokens(JwtSettings settings, IssuerKeys keys) {
    this.settings = settings;
    this.keys = keys;
  }

  static Tokens of(JwtSettings settings) throws IOException {
    return new Tokens(settings, IssuerKeys.of(settings));
  }

  /// Who shows the token whose hash is `hash`.
  Identity find(Shown shown, KeyHash hash) {
    Principal known = good.getIfPresent(hash);
    if (known == null) {
      Identity identity = verify(text(shown));
      if (identity instanceof Principal principal) {
        good.put(hash, principal);
      }
      return identity;
    }
    Instant expires = known.expires();
    if (expires != null && !Instant.now().isBefore(expires)) {
      good.invalidate(hash);
      return EXPIRED;
    }
    return known;
  }

  private static String text(Shown shown) {
    return new String(shown.array(), shown.offset(), shown.length(), StandardCharsets.ISO_8859_1);
  }

  private Identity verify(String token) {
    try {
      DecodedJWT decoded = JWT.decode(token);
      return switch (keys.find(decoded.getKeyId(), decoded.getAlgorithm())) {
        case Found.Key(Algorithm algorithm) -> principal(verified(decoded, algorithm));
        case Found.None(Unknown why) -> why;
      };
    } catch (TokenExpiredException _) {
      return EXPIRED;
    } catch (IncorrectClaimException | MissingClaimException _) {
      return OF_OTHERS;
    } catch (JWTVerificationException _) {
      return INVALID;
    }
  }

  /// The algorithm is that of our key, whatever the token says of itself.
  private DecodedJWT verified(DecodedJWT decoded, Algorithm algorithm) {
    return JWT.require(algorithm)
        .withIssuer(settings.issuer())
        .withAudience(settings.audience())
        .withClaimPresence("exp")
        .acceptLeeway(settings.leeway().toSeconds())
        .build()
        .verify(decoded);
  }

  private Identity principal(DecodedJWT token) {
    String name = token.getClaim(settings.nameClaim()).asString();
    List<String> models = models(token);
    Instant expires = token.getExpiresAtAsInstant();
    if (name == null || !isName(name)) {
      return Unknown.because("the token's claim " + settings.nameClaim() + " names nobody");
    }
    if (models == null) {
      return Unknown.because("the token's claim " + settings.modelsClaim() + " lists no models");
    }
    return new Principal(
        Principal.Kind.TOKEN,
        name,
        models,
        settings.rates(),
        settings.budget(),
        expires.plus(settings.leeway()));
  }

  /// Names end up in logs and labels.
  private static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NAME
        && name.chars().noneMatch(Character::isISOControl);
  }

  /// What the token is good for: empty for all; null where its claim lists none.
  private @Nullable List<String> models(DecodedJWT token) {
    String name = settings.modelsClaim();
    if (name == null) {
      return List.of();
    }
    Claim claim = token.getClaim(name);
    String text = claim.asString();
    String[] listed = text == null ? claim.asArray(String.class) : text.split(" ", -1);
    if (listed == null) {
      return null;
    }
    List<String> models =
        Arrays.stream(listed).filter(model -> model != null && !model.isBlank()).toList();
    return models.isEmpty() ? null : models;
  }

  @Override
  public void close() {
    keys.close();
  }
}
