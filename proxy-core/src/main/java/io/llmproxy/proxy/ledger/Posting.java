package io.llmproxy.proxy.ledger;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;

/// A record on its way from an event loop to the ledger's writer. It is used again for others, so
/// that a request leaves nothing for the garbage collector here.
final class Posting {
  private RecordKind kind = RecordKind.RESERVE;
  private long id;
  private String requestId = "";
  private int attempt;
  private String key = "";
  private String provider = "";
  private String model = "";
  private long heldNanoUsd;
  private long atMillis;

  // Of one that settles.
  private Usage usage = Usage.NONE;
  private UsageSource source = UsageSource.REPORTED;
  private long costNanoUsd;
  private Outcome outcome = Outcome.UNKNOWN;
  private long endMillis;

  /// Becomes the reservation `newId`.
  void reserve(long newId, Entry entry) {
    kind = RecordKind.RESERVE;
    id = newId;
    requestId = entry.requestId();
    attempt = entry.attempt();
    key = entry.key();
    provider = entry.provider();
    model = entry.model();
    heldNanoUsd = entry.heldNanoUsd();
    atMillis = entry.atMillis();
  }

  /// Becomes what ends `reservation` with what was spent.
  void settle(Posting reservation, Settlement settlement) {
    end(RecordKind.SETTLE, reservation);
    usage = settlement.usage();
    source = settlement.source();
    costNanoUsd = settlement.costNanoUsd();
    outcome = settlement.outcome();
    endMillis = settlement.atMillis();
  }

  /// Becomes what ends `reservation`, which came to nothing.
  void release(Posting reservation) {
    end(RecordKind.RELEASE, reservation);
  }

  private void end(RecordKind how, Posting reservation) {
    kind = how;
    id = reservation.id;
    requestId = reservation.requestId;
    attempt = reservation.attempt;
    key = reservation.key;
    provider = reservation.provider;
    model = reservation.model;
    heldNanoUsd = reservation.heldNanoUsd;
    atMillis = reservation.atMillis;
  }

  /// Whether it is the reservation `other`.
  boolean is(long other) {
    return id == other;
  }

  /// Is no reservation any more.
  void forget() {
    id = Lane.FULL;
  }

  /// As it is stored.
  Row row(long epoch) {
    Entry entry = new Entry(requestId, attempt, key, provider, model, heldNanoUsd, atMillis);
    return kind == RecordKind.SETTLE
        ? Row.of(
            kind, epoch, id, entry, new Settlement(usage, source, costNanoUsd, outcome, endMillis))
        : Row.of(kind, epoch, id, entry, null);
  }
}
