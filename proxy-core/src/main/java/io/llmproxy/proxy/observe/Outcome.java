package io.llmproxy.proxy.observe;

/// How an exchange ended.
public enum Outcome {
  /// The caller has the whole reply, an error reply of ours or the provider's included.
  COMPLETED,
  /// The reply was cut: the caller saw an error after it had begun.
  FAILED,
  /// The caller left before the end.
  CANCELLED
}
