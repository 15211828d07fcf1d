package io.llmproxy.proxy.route;

import io.llmproxy.provider.api.ProviderModel;
import io.llmproxy.provider.price.Price;
import org.jspecify.annotations.Nullable;

/// Where a request may go: a provider and the name its model has there.
///
/// @param upstream index of the provider among the configured ones
/// @param price null where unknown
public record Target(
    String provider, int upstream, ProviderModel providerModel, @Nullable Price price) {

  /// The model's name at the provider.
  public String model() {
    return providerModel.name();
  }
}
