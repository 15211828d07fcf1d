package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.glm.GlmKey;
import io.llmproxy.provider.glm.GlmTokens;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import io.llmproxy.proxy.http.HeaderName;
import io.netty.util.AsciiString;
import java.util.List;

/// The credentials of one provider, in the order of its keys. Used by any thread.
final class Credentials {

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString OAUTH_BETA = AsciiString.cached("oauth-2025-04-20");
  private static final String ANTHROPIC_OAUTH = "sk-ant-oat";
  private static final Credential NONE = new Credential.Key(List.of());

  private final List<Credential> all;

  private Credentials(List<Credential> all) {
    this.all = all;
  }

  static Credentials of(ProviderSettings provider) {
    return new Credentials(
        provider.apiKeys().stream()
            .map(key -> credential(provider, key.secret().reveal()))
            .toList());
  }

  /// @param key the place of one of the provider's keys; 0 where it needs none
  Credential get(int key) {
    return all.isEmpty() ? NONE : all.get(key);
  }

  private static Credential credential(ProviderSettings provider, String key) {
    return switch (provider.kind()) {
      case ANTHROPIC, ANTHROPIC_COMPATIBLE ->
          key.startsWith(ANTHROPIC_OAUTH)
              ? anthropicOauth(key)
              : new Credential.Key(List.of(X_API_KEY, AsciiString.of(key)));
      case GLM ->
          provider.auth() == Auth.TOKEN
              ? new Credential.Token(
                  AUTHORIZATION, new GlmTokens(GlmKey.parse(key), System::currentTimeMillis))
              : bearer(key);
      case OPENAI, GROQ, GROK, OPENAI_COMPATIBLE -> bearer(key);
    };
  }

  /// A token of OAuth's goes where a bearer's does, and needs a beta to be let in.
  private static Credential anthropicOauth(String token) {
    return new Credential.Key(
        List.of(
            AUTHORIZATION,
            AsciiString.of("Bearer " + token),
            HeaderName.ANTHROPIC_BETA.text(),
            OAUTH_BETA));
  }

  private static Credential bearer(String key) {
    return new Credential.Key(List.of(AUTHORIZATION, AsciiString.of("Bearer " + key)));
  }
}
