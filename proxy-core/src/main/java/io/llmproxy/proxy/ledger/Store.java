package io.llmproxy.proxy.ledger;

import io.llmproxy.provider.wire.Usage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ledger's file as its one writer sees it: records are added at its end, a batch at a time.
/// For one thread.
final class Store implements AutoCloseable {

  /// What stands between a commit and the disk: where tests make it slow or let it fail.
  interface Disk {
    /// The disk as it is.
    Disk REAL =
        new Disk() {
          @Override
          public void beforeCommit(Connection connection) {}

          @Override
          public void afterCommit() {}
        };

    void beforeCommit(Connection connection) throws SQLException;

    void afterCommit() throws SQLException;
  }

  private final Path dir;
  private final Disk disk;
  private final Checksum checksum = new Checksum();
  private Connection connection;
  private Head head;
  private Head tried;
  private long epoch;

  private Store(Path dir, Disk disk, Connection connection, Head head) {
    this.dir = dir;
    this.disk = disk;
    this.connection = connection;
    this.head = head;
    this.tried = head;
  }

  /// Opens the file, and makes it if it is not there.
  static Store open(Path dir, Disk disk) throws SQLException, LedgerException {
    Connection connection = Database.writable(dir, true);
    try {
      if (Database.number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
        create(connection);
      }
      Database.needVersion(connection, dir);
      return new Store(dir, disk, connection, Head.read(connection));
    } catch (SQLException | LedgerException e) {
      Database.closeQuietly(connection);
      throw e;
    }
  }

  private static void create(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (String sql : Schema.CREATE) {
      Database.execute(connection, sql);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  Path dir() {
    return dir;
  }

  Connection connection() {
    return connection;
  }

  Head head() {
    return head;
  }

  long epoch() {
    return epoch;
  }

  /// Begins the records of this run, with those that end what the run before left open: both or
  /// neither.
  void begin(long atMillis, List<Row> first) throws SQLException {
    epoch = Database.number(connection, "SELECT max(epoch) FROM epoch") + 1;
    transaction(
        first, "INSERT INTO epoch (epoch, began_ms) VALUES (" + epoch + ", " + atMillis + ")");
  }

  /// Adds the records, all or none. After an exception the same ones are to be given again, where
  /// [#isThere] does not find them after all.
  void commit(List<Row> rows) throws SQLException {
    transaction(rows, null);
  }

  /// Transactions are begun and ended here and not by the driver: where SQLite itself rolls one
  /// back, as on a full disk, the driver would go on without one.
  private void transaction(List<Row> rows, @Nullable String first) throws SQLException {
    Database.execute(connection, "BEGIN IMMEDIATE");
    try {
      if (first != null) {
        Database.execute(connection, first);
      }
      insert(rows);
      write(tried);
      disk.beforeCommit(connection);
      Database.execute(connection, "COMMIT");
      disk.afterCommit();
    } catch (SQLException e) {
      rollback();
      throw e;
    }
    head = tried;
  }

  private void insert(List<Row> rows) throws SQLException {
    int alone = rows.size() % Schema.TOGETHER;
    List<Row> together = rows.subList(0, rows.size() - alone);
    Head next = insert(together, Schema.INSERT_TOGETHER, Schema.TOGETHER, head);
    tried = insert(rows.subList(together.size(), rows.size()), Schema.INSERT, 1, next);
  }

  /// @param together how many rows `statement` inserts
  private Head insert(List<Row> rows, String statement, int together, Head before)
      throws SQLException {
    Head next = before;
    if (rows.isEmpty()) {
      return next;
    }
    try (PreparedStatement insert = connection.prepareStatement(statement)) {
      int bound = 0;
      int column = 0;
      for (Row row : rows) {
        next = next.after(row, epoch, checksum);
        column = bind(insert, column, row, next);
        if (++bound == together) {
          insert.executeUpdate();
          bound = 0;
          column = 0;
        }
      }
    }
    return next;
  }

  private void write(Head next) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(Head.UPDATE)) {
      update.setLong(1, next.records());
      update.setLong(2, next.epoch());
      update.setLong(3, next.seq());
      update.setLong(4, next.chain());
      update.setLong(5, next.cost());
      update.executeUpdate();
    }
  }

  private void rollback() {
    try {
      Database.execute(connection, "ROLLBACK");
    } catch (SQLException _) {
      // SQLite did it itself, or the connection is given up.
    }
  }

  /// Opens the file anew, for the old handle may hide what the disk lost.
  void reopen() throws SQLException {
    Database.closeQuietly(connection);
    connection = Database.writable(dir, false);
  }

  /// After a commit that failed: whether it is on disk all the same.
  boolean isThere() throws SQLException, LedgerException {
    Head found = Head.read(connection);
    if (!found.equals(tried) && !found.equals(head)) {
      throw new LedgerException(
          dir + ": records that were on disk are gone (" + head + " written, found " + found + ")");
    }
    boolean there = !found.equals(head);
    head = found;
    return there;
  }

  /// Gives the column after which the next row begins.
  private static int bind(PreparedStatement insert, int after, Row row, Head at)
      throws SQLException {
    Entry entry = row.entry();
    int column = after;
    column = numbers(insert, column, at.epoch(), at.seq(), row.kind().code(), row.ofEpoch());
    column = numbers(insert, column, row.id(), row.atMillis(), entry.heldNanoUsd(), row.cost());
    column = numbers(insert, column, entry.attempt());
    column = texts(insert, column, entry.requestId(), entry.key(), entry.provider());
    column = texts(insert, column, entry.model(), row.outcome(), row.source());
    Usage usage = row.usage();
    column = numbers(insert, column, usage.input(), usage.cachedInput(), usage.cacheWrite5m());
    column = numbers(insert, column, usage.cacheWrite1h(), usage.cacheWrite30m());
    column = numbers(insert, column, usage.cacheWrite12h(), usage.inputAudio(), usage.output());
    column = numbers(insert, column, usage.reasoning(), usage.outputAudio());
    return numbers(insert, column, usage.reportedTotal(), at.chain());
  }

  private static int numbers(PreparedStatement insert, int column, long... numbers)
      throws SQLException {
    int next = column;
    for (long number : numbers) {
      insert.setLong(++next, number);
    }
    return next;
  }

  private static int texts(PreparedStatement insert, int column, String... texts)
      throws SQLException {
    int next = column;
    for (String text : texts) {
      insert.setString(++next, text);
    }
    return next;
  }

  @Override
  public void close() {
    Database.closeQuietly(connection);
  }
}
