package io.llmproxy.proxy.config;

import io.llmproxy.proxy.config.ProviderSettings.ApiKey;
import java.util.List;

/// What a provider's key entries come to.
sealed interface ProviderCredentials {

  /// The keys to show upstream; none where the provider needs none.
  record Usable(List<ApiKey> keys) implements ProviderCredentials {}

  /// The provider cannot be used here, for want of a key.
  record LeftOut(String reason) implements ProviderCredentials {}

  /// A problem was found.
  record Wrong() implements ProviderCredentials {}
}
