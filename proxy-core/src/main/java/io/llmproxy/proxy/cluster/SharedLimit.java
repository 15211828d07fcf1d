package io.llmproxy.proxy.cluster;

import java.util.List;

/// A rate or slots, and this proxy's lease of them.
final class SharedLimit extends Shared {
  private final List<Loan> loans;

  SharedLimit(Kind kind, Loan loan, Syncer syncer) {
    super(kind, syncer);
    loans = List.of(loan);
  }

  @Override
  List<Loan> loans(long nowNanos, long nowMillis) {
    return loans;
  }
}
