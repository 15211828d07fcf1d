package io.llmproxy.bench.simulator.rules;

/// What a request asks of a provider.
public enum Endpoint {
  CHAT,
  COUNT_TOKENS,
  RESPONSES,
  EMBEDDINGS
}
