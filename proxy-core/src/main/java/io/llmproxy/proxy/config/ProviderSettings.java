package io.llmproxy.proxy.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One provider as configured.
///
/// @param name its name in the file
/// @param kind whose API it is
/// @param apiKeys the keys to show upstream; none where the provider needs none
/// @param baseUrl what stands before the dialect's own path; no slash at its end
/// @param http2 how HTTP/2 is reached
/// @param caFile certificates to trust instead of the JDK's, PEM, an absolute path
/// @param models those listed, in the order of the file; others are served under `provider/model`
/// @param maxConnections per event loop
public record ProviderSettings(
    String name,
    Kind kind,
    List<Secret> apiKeys,
    URI baseUrl,
    Http2 http2,
    @Nullable String caFile,
    List<ModelSettings> models,
    int maxConnections) {

  /// Whose API: the five with quirks of their own, or one compatible with OpenAI's or Anthropic's.
  public enum Kind {
    ANTHROPIC,
    OPENAI,
    GLM,
    GROQ,
    GROK,
    OPENAI_COMPATIBLE,
    ANTHROPIC_COMPATIBLE
  }

  /// ALPN decides over TLS (AUTO); without TLS, HTTP/1.1 (AUTO) or HTTP/2 by PRIOR_KNOWLEDGE; NEVER
  /// keeps to HTTP/1.1.
  public enum Http2 {
    AUTO,
    PRIOR_KNOWLEDGE,
    NEVER
  }

  /// A model offered under this provider.
  ///
  /// @param price null where the file gives none
  /// @param maxOutputTokens 0 where the file gives none
  public record ModelSettings(
      String name, List<String> aliases, @Nullable Price price, int maxOutputTokens) {}

  /// Rates in nano-dollars per million tokens.
  public record Price(long input, long cachedInput, long cacheWrite, long output) {}
}
