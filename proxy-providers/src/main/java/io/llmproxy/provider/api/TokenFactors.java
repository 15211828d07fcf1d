package io.llmproxy.provider.api;

import io.llmproxy.provider.wire.TokenFactor;
import java.util.HashMap;
import java.util.Map;

/// What one event loop has learned of how each model counts tokens.
public final class TokenFactors {

  /// Callers may name models without end.
  private static final int MOST_MODELS = 1024;

  private final Map<ProviderModel, TokenFactor> factors = new HashMap<>();

  /// The model's factor; beyond the most models there are, one that nobody remembers.
  public TokenFactor of(ProviderModel model) {
    TokenFactor known = factors.get(model);
    if (known != null) {
      return known;
    }
    TokenFactor fresh = new TokenFactor();
    if (factors.size() < MOST_MODELS) {
      factors.put(model, fresh);
    }
    return fresh;
  }
}
