package io.llmproxy.proxy.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Threads that read the stretches of a ledger side by side, each by a connection of its own: a
/// start is then as long as the slowest of them. Nobody may write meanwhile.
final class Readers implements AutoCloseable {
  private static final int MOST = 4;

  private final List<Connection> connections = new ArrayList<>();
  private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(MOST);
  private final ExecutorService threads;

  /// Where stretches come from.
  interface Source {
    Future<Stretch> read(Stretch.Range range) throws SQLException;
  }

  /// @param most how many at once
  private Readers(Path dir, int most) throws SQLException, LedgerException {
    try {
      for (int i = 0; i < most; i++) {
        connections.add(Database.readable(dir));
      }
    } catch (SQLException | LedgerException e) {
      connections.forEach(Database::closeQuietly);
      throw e;
    }
    idle.addAll(connections);
    threads =
        Executors.newFixedThreadPool(
            most, Thread.ofPlatform().name("ledger-reader-", 0).daemon().factory());
  }

  static Readers of(Path dir) throws SQLException, LedgerException {
    return new Readers(dir, Math.min(MOST, Runtime.getRuntime().availableProcessors()));
  }

  /// Reads by `connection` alone, in the caller's thread.
  static Source alone(Connection connection) {
    return range -> CompletableFuture.completedFuture(Stretch.read(connection, range));
  }

  Future<Stretch> read(Stretch.Range range) {
    return threads.submit(() -> {
      Connection connection = idle.take();
      try {
        return Stretch.read(connection, range);
      } finally {
        idle.add(connection);
      }
    });
  }

  @Override
  public void close() {
    threads.close();
    connections.forEach(Database::closeQuietly);
  }
}
