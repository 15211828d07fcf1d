package io.llmproxy.proxy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// The records of one node in the shared ledger, a table of PostgreSQL.
final class SharedTable implements AutoCloseable {
  private static final String NAME = "llmproxy_ledger";
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS llmproxy_ledger (
        node text NOT NULL,
        epoch bigint NOT NULL,
        seq bigint NOT NULL,
        kind smallint NOT NULL,
        of_epoch bigint NOT NULL,
        id bigint NOT NULL,
        at_ms bigint NOT NULL,
        held bigint NOT NULL,
        cost bigint NOT NULL,
        attempt bigint NOT NULL,
        request_id text NOT NULL,
        key text NOT NULL,
        provider text NOT NULL,
        model text NOT NULL,
        outcome text NOT NULL,
        source text NOT NULL,
        input bigint NOT NULL,
        cached_input bigint NOT NULL,
        cache_write_5m bigint NOT NULL,
        cache_write_1h bigint NOT NULL,
        cache_write_30m bigint NOT NULL,
        cache_write_12h bigint NOT NULL,
        input_audio bigint NOT NULL,
        output bigint NOT NULL,
        reasoning bigint NOT NULL,
        output_audio bigint NOT NULL,
        reported_total bigint NOT NULL,
        chain bigint NOT NULL,
        PRIMARY KEY (node, epoch, seq)
      )
      """;
  private static final String INSERT =
      "INSERT INTO llmproxy_ledger (node, "
          + Schema.COLUMNS
          + ", chain) VALUES (?, "
          + "?, ".repeat(Schema.COLUMN_COUNT)
          + "?) ON CONFLICT DO NOTHING";

  private final Connection connection;
  private final String node;
  private final PreparedStatement insert;

  private SharedTable(Connection connection, String node) throws SQLException {
    this.connection = connection;
    this.node = node;
    insert = connection.prepareStatement(INSERT);
  }

  /// The newest record that the table has of the node.
  record Position(long epoch, long seq, long chain) {}

  /// The table, made if it is not there.
  static SharedTable of(Connection connection, String node) throws SQLException {
    if (!isThere(connection)) {
      Database.execute(connection, CREATE);
    }
    connection.commit();
    return new SharedTable(connection, node);
  }

  private static boolean isThere(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT to_regclass('" + NAME + "') IS NOT NULL")) {
      return row.next() && row.getBoolean(1);
    }
  }

  /// The newest record of this node; null where there is none.
  @Nullable Position newest() throws SQLException {
    String query =
        "SELECT epoch, seq, chain FROM llmproxy_ledger WHERE node = ?"
            + " ORDER BY epoch DESC, seq DESC LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, node);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Position(row.getLong(1), row.getLong(2), row.getLong(3)) : null;
      }
    }
  }

  /// Adds a record of the node's own ledger, whose columns are in the order of [Schema#COLUMNS],
  /// then the checksum. To be ended by [#commit].
  void add(ResultSet record) throws SQLException {
    insert.setString(1, node);
    for (int column = 1; column <= Schema.COLUMN_COUNT + 1; column++) {
      if (Schema.isText(column)) {
        insert.setString(column + 1, record.getString(column));
      } else {
        insert.setLong(column + 1, record.getLong(column));
      }
    }
    insert.addBatch();
  }

  /// Ends what was added.
  ///
  /// @throws LedgerException where one of the records was there: then none is added, for this
  ///   thread goes on after the newest one, and someone else must have written it
  void commit() throws SQLException, LedgerException {
    for (int inserted : insert.executeBatch()) {
      if (inserted == 0) {
        connection.rollback();
        throw new LedgerException(
            "another proxy writes to the shared ledger under the name "
                + node
                + "; give ledger.node a name of its own");
      }
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
