package io.llmproxy.proxy.ledger;

/// Whether what is spent gets to disk. A reason is one line, for people.
public sealed interface LedgerState {

  /// All is written within a moment.
  record Good() implements LedgerState {}

  /// It is written late: a slow disk, or a shared ledger that is behind.
  record Lagging(String reason) implements LedgerState {}

  /// Nothing is written; what was not written is kept and tried again.
  record Failing(String reason) implements LedgerState {}

  /// All is well.
  LedgerState GOOD = new Good();
}
