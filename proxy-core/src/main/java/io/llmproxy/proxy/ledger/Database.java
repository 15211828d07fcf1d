package io.llmproxy.proxy.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// The ways to open the ledger's file.
final class Database {
  private static final int BUSY_MILLIS = 5_000;
  private static final int MAX_WAL_BYTES = 64 << 20;

  private Database() {}

  /// For the writer.
  static Connection writable(Path dir, boolean create) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    if (!create) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setJournalSizeLimit(MAX_WAL_BYTES);
    config.setBusyTimeout(BUSY_MILLIS);
    // Else the driver looks at each statement's text, whether it is an INSERT.
    config.setGetGeneratedKeys(false);
    return config.createConnection("jdbc:sqlite:" + dir.resolve(Schema.FILE));
  }

  /// For whoever looks, also beside a proxy that runs.
  static Connection readable(Path dir) throws SQLException, LedgerException {
    Path file = dir.resolve(Schema.FILE);
    if (!Files.isRegularFile(file)) {
      throw new LedgerException(dir + ": no ledger there (" + Schema.FILE + " is missing)");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try {
      needVersion(connection, dir);
      return connection;
    } catch (SQLException | LedgerException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  static void needVersion(Connection connection, Path dir) throws SQLException, LedgerException {
    long application = number(connection, "PRAGMA application_id");
    long version = number(connection, "PRAGMA user_version");
    if (application != Schema.APPLICATION) {
      throw new LedgerException(dir.resolve(Schema.FILE) + ": not a ledger of llmproxy");
    }
    if (version != Schema.VERSION) {
      throw new LedgerException(
          dir.resolve(Schema.FILE)
              + ": written by another version of llmproxy (format "
              + version
              + ", this one reads "
              + Schema.VERSION
              + ")");
    }
  }

  static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static boolean isFull(SQLException e) {
    return e instanceof SQLiteException sqlite
        && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
  }

  static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception _) {
      // Nothing is trusted to it any more.
    }
  }
}
