package io.llmproxy.proxy.route;

import io.llmproxy.proxy.config.ProviderSettings.Price;
import org.jspecify.annotations.Nullable;

/// Where a request may go: a provider and the name its model has there.
///
/// @param upstream index of the provider among the configured ones
/// @param price null where unknown
public record Target(String provider, int upstream, String model, @Nullable Price price) {}
