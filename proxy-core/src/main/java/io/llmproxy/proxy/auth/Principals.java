package io.llmproxy.proxy.auth;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Finds who asks, by what it shows. For one event loop.
public final class Principals {

  private static final Unknown NOTHING_SHOWN =
      Unknown.because("no API key (send it as authorization: Bearer KEY, or as x-api-key: KEY)");
  private static final Unknown NOBODYS =
      Unknown.because("the API key is not one of this proxy's (made by: llmproxy keys new NAME)");

  private final KeyTable keys;
  private final @Nullable Tokens tokens;
  private final InstantSource clock;
  private final KeyDigest digest = new KeyDigest();

  Principals(KeyTable keys, @Nullable Tokens tokens, InstantSource clock) {
    this.keys = keys;
    this.tokens = tokens;
    this.clock = clock;
  }

  /// Whose key or token is shown.
  ///
  /// @param shown null where nothing is
  public Identity of(@Nullable Shown shown) {
    if (shown == null) {
      return NOTHING_SHOWN;
    }
    digest.of(shown.array(), shown.offset(), shown.length());
    return tokens != null && shown.isToken()
        ? tokens.find(shown, digest.hash())
        : current(keys.find(digest.part(0), digest.part(1), digest.part(2), digest.part(3)));
  }

  private Identity current(@Nullable Principal principal) {
    if (principal == null) {
      return NOBODYS;
    }
    Instant expires = principal.expires();
    return expires == null || clock.millis() < expires.toEpochMilli()
        ? principal
        : Unknown.because("the API key " + principal.name() + " expired at " + expires);
  }
}
