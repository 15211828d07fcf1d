package io.llmproxy.proxy.admission;

import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.lease.Sharing;
import io.llmproxy.proxy.limit.Scope;
import org.jspecify.annotations.Nullable;

/// Makes limits.
///
/// @param sharing whom they are shared with, null for nobody
record Scopes(@Nullable Sharing sharing) {

  /// @param name for messages, such as `key alice`; no other scope has it
  Scope of(String name, RateSettings rates) {
    return of(name, name, rates);
  }

  /// @param name for messages, such as `model m`
  /// @param key that no other scope has
  Scope of(String name, String key, RateSettings rates) {
    return sharing == null
        ? Scope.of(name, rates, System.nanoTime())
        : Scope.shared(name, "limit:" + key, rates, sharing);
  }
}
