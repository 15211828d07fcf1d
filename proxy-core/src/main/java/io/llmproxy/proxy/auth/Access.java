package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.AccessSettings;
import io.llmproxy.proxy.config.JwtSettings;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Who may use the proxy, as all event loops share it.
public final class Access implements AutoCloseable {

  private final AccessSettings settings;
  private final KeyTable keys;
  private final @Nullable Tokens tokens;
  private final ForwardedFor forwardedFor;

  private Access(AccessSettings settings, @Nullable Tokens tokens) {
    this.settings = settings;
    this.keys = new KeyTable(settings.keys());
    this.tokens = tokens;
    this.forwardedFor = new ForwardedFor(settings.trustedProxies());
  }

  /// Where an issuer's keys are fetched, that begins now, in the background, and lasts until
  /// [#close].
  ///
  /// @throws IOException where a file of keys cannot be read
  public static Access of(AccessSettings settings) throws IOException {
    JwtSettings jwt = settings.jwt();
    return new Access(settings, jwt == null ? null : Tokens.of(jwt));
  }

  /// Whether callers must show a key or a token.
  public boolean isGuarded() {
    return settings.isGuarded();
  }

  /// For one event loop.
  public Principals principals() {
    return new Principals(keys, tokens, InstantSource.system());
  }

  public ForwardedFor forwardedFor() {
    return forwardedFor;
  }

  @Override
  public void close() {
    if (tokens != null) {
      tokens.close();
    }
  }
}
