package io.llmproxy.proxy.ledger;

import io.llmproxy.proxy.config.LedgerSettings;

/// The record of what was spent: reservations and their settlements, on disk.
@SuppressWarnings("DoNotCallSuggester")
public final class Ledger implements AutoCloseable {

  private Ledger() {}

  /// Opens the ledger, creating it if need be.
  public static Ledger open(LedgerSettings settings, int lanes) throws LedgerException {
    throw new LedgerException(settings.dir() + ": not yet, with " + lanes + " lanes");
  }

  /// The lane of an event loop.
  public Lane lane(int index) {
    throw new UnsupportedOperationException("lane " + index);
  }

  /// What was spent in the periods that began then and are not over.
  public Spent spentSince(long hourStartMillis, long dayStartMillis, long monthStartMillis) {
    throw new UnsupportedOperationException();
  }

  /// Unix time of the newest record, 0 where there is none.
  public long newestMillis() {
    return 0;
  }

  /// Whether what is spent gets to disk. Any thread.
  public LedgerState state() {
    return LedgerState.GOOD;
  }

  @Override
  public void close() {}
}
