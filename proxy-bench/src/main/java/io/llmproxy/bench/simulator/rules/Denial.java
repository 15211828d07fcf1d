package io.llmproxy.bench.simulator.rules;

/// What a provider may refuse a request for that is spelled well.
public enum Denial {
  /// It is longer than the model can read.
  CONTEXT_LENGTH,
  /// It asks for what the provider does not want to answer.
  CONTENT_POLICY,
  /// The account has nothing left to pay with.
  QUOTA
}
