package io.llmproxy.proxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may use the proxy.
///
/// @param jwt whose tokens stand for keys; null for nobody's
/// @param trustedProxies who is believed when it says for whom it asks
public record AccessSettings(
    List<KeySettings> keys, @Nullable JwtSettings jwt, List<Network> trustedProxies) {

  /// Everybody, known by address.
  public static final AccessSettings OPEN = new AccessSettings(List.of(), null, List.of());

  /// Whether callers must show a key or a token.
  public boolean isGuarded() {
    return !keys.isEmpty() || jwt != null;
  }
}
