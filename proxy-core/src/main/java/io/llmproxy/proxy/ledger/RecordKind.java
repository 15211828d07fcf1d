package io.llmproxy.proxy.ledger;

/// What a record of the ledger says. `code` is how it is stored, and never changes.
enum RecordKind {
  /// So much is held.
  RESERVE(1),
  /// A reservation ended, and this was spent.
  SETTLE(2),
  /// A reservation ended, and nothing was spent.
  RELEASE(3),
  /// A reservation whose process died, charged by policy by the next one.
  EXPIRE(4);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
