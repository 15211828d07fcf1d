package io.llmproxy.proxy.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// Where the ledger ends: its newest record and the sums over all of them. Written with each
/// commit, so that records which vanish from the end are missed.
///
/// @param epoch the run that wrote the newest record; a run without records does not show here
/// @param cost all that was charged, in nano-dollars
record Head(long records, long epoch, long seq, long chain, long cost) {

  static final String UPDATE =
      "UPDATE head SET records = ?, epoch = ?, seq = ?, chain = ?, cost = ? WHERE one = 1";

  static Head read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT records, epoch, seq, chain, cost FROM head")) {
      if (!row.next()) {
        throw new SQLException("the table head is empty");
      }
      return new Head(
          row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
    }
  }

  /// The record before `seq` of the run `epoch`; of zeros where it is the first.
  static Head before(Connection connection, long epoch, long seq) throws SQLException {
    String query =
        "SELECT epoch, seq, chain FROM record WHERE (epoch, seq) < (%d, %d)".formatted(epoch, seq);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query + " ORDER BY epoch DESC, seq DESC LIMIT 1")) {
      return row.next()
          ? new Head(0, row.getLong(1), row.getLong(2), row.getLong(3), 0)
          : new Head(0, 0, 0, 0, 0);
    }
  }

  Head after(Row row, long inEpoch, Checksum checksum) {
    long next = nextSeq(inEpoch);
    long sum = checksum.after(chain, row.canonical(inEpoch, next));
    return new Head(records + 1, inEpoch, next, sum, Math.addExact(cost, row.charge()));
  }

  private long nextSeq(long inEpoch) {
    return epoch == inEpoch ? seq + 1 : 1;
  }
}
