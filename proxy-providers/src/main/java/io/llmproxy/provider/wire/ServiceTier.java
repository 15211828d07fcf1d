package io.llmproxy.provider.wire;

/// How urgently a provider served a request, as far as that changes its price.
public enum ServiceTier {
  STANDARD,
  BATCH,
  FLEX,
  PRIORITY
}
