package io.llmproxy.proxy.config;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.price.Price;
import io.llmproxy.proxy.config.Settings.Timeouts;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One provider as configured.
///
/// @param name its name in the file
/// @param kind whose API it is
/// @param apiKeys the keys to show upstream; none where the provider needs none
/// @param baseUrl what stands before the dialect's own path; no slash at its end
/// @param auth how a key is shown
/// @param http2 how HTTP/2 is reached
/// @param caFile certificates to trust instead of the JDK's, PEM, an absolute path
/// @param models those listed, in the order of the file; others are served under `provider/model`
/// @param maxConnections per event loop
/// @param timeouts of attempts at this provider where a route does not say otherwise
/// @param rates how much may be asked of it
/// @param budget what may be spent there
public record ProviderSettings(
    String name,
    ProviderApi kind,
    List<ApiKey> apiKeys,
    URI baseUrl,
    Auth auth,
    Http2 http2,
    @Nullable String caFile,
    List<ModelSettings> models,
    int maxConnections,
    Timeouts timeouts,
    OnDisconnect onDisconnect,
    RateSettings rates,
    BudgetSettings budget) {

  /// A key to show upstream, and its share of the requests beside the others.
  public record ApiKey(Secret secret, int weight) {}

  /// What becomes of a reply whose caller has left: the provider is told at once, or read on for
  /// its count of tokens.
  public enum OnDisconnect {
    CANCEL,
    DRAIN
  }

  /// A key is shown as it is, or, by GLM's customers, as a TOKEN that is signed with it.
  public enum Auth {
    KEY,
    TOKEN
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
      String name,
      List<String> aliases,
      @Nullable Price price,
      int maxOutputTokens,
      RateSettings rates) {}
}
