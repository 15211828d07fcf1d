package io.llmproxy.proxy.ledger;

/// How an attempt ended, as the ledger has it. Stored by name.
public enum Outcome {
  /// The answer came whole.
  COMPLETED,
  /// The provider or the way to it failed.
  FAILED,
  /// The caller left.
  CANCELLED,
  /// Nobody saw its end: the process died before it.
  UNKNOWN
}
