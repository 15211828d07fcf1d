package io.llmproxy.proxy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The way of records from a node's own ledger to the shared one, in their order.
final class Copy {
  private static final int BATCH = 500;
  private static final String NEXT =
      "SELECT "
          + Schema.COLUMNS
          + ", chain FROM record WHERE (epoch, seq) > (?, ?) ORDER BY epoch, seq LIMIT "
          + BATCH;

  private final Connection from;
  private final SharedTable to;
  private long epoch;
  private long seq;

  private Copy(Connection from, SharedTable to) {
    this.from = from;
    this.to = to;
  }

  /// Goes on after the newest record that the shared ledger has.
  ///
  /// @throws LedgerException where that record is another than the one here: two proxies bear one
  ///   name, or this ledger was begun anew
  static Copy from(Connection own, SharedTable shared) throws SQLException, LedgerException {
    Copy copy = new Copy(own, shared);
    SharedTable.Position newest = shared.newest();
    if (newest != null) {
      copy.needSame(newest);
      copy.epoch = newest.epoch();
      copy.seq = newest.seq();
    }
    return copy;
  }

  private void needSame(SharedTable.Position newest) throws SQLException, LedgerException {
    String query = "SELECT chain FROM record WHERE epoch = ? AND seq = ?";
    try (PreparedStatement statement = from.prepareStatement(query)) {
      statement.setLong(1, newest.epoch());
      statement.setLong(2, newest.seq());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getLong(1) != newest.chain()) {
          throw new LedgerException(
              "the shared ledger has records under this node's name that are not in this ledger"
                  + " (run "
                  + newest.epoch()
                  + " record "
                  + newest.seq()
                  + "); give ledger.node a name of its own");
        }
      }
    }
  }

  /// Copies the next records, and gives how many.
  int next() throws SQLException, LedgerException {
    int count = 0;
    try (PreparedStatement statement = from.prepareStatement(NEXT)) {
      statement.setLong(1, epoch);
      statement.setLong(2, seq);
      long lastEpoch = epoch;
      long lastSeq = seq;
      try (ResultSet row = statement.executeQuery()) {
        for (; row.next(); count++) {
          to.add(row);
          lastEpoch = row.getLong(1);
          lastSeq = row.getLong(2);
        }
      }
      if (count > 0) {
        to.commit();
      }
      epoch = lastEpoch;
      seq = lastSeq;
    }
    return count;
  }
}
