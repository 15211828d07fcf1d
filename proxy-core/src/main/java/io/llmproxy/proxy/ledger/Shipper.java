package io.llmproxy.proxy.ledger;

import io.llmproxy.proxy.config.LedgerSettings.SharedLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/// The thread that copies what is on this node's disk to the shared ledger. It asks there how far
/// it came, so that it needs no memory of its own; while the other side is away it falls behind and
/// catches up later.
final class Shipper implements Runnable {
  private static final Logger LOG = LogManager.getLogger(Shipper.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Path dir;
  private final SharedLedger settings;
  private final Thread thread;
  private volatile LedgerState state = LedgerState.GOOD;
  private volatile boolean closing;
  private volatile long closingSince;

  private Shipper(Path dir, SharedLedger settings) {
    this.dir = dir;
    this.settings = settings;
    thread = Thread.ofPlatform().name("ledger-shipper").daemon().unstarted(this);
  }

  static Shipper of(Path dir, SharedLedger settings) {
    return new Shipper(dir, settings);
  }

  void start() {
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  LedgerState state() {
    return state;
  }

  /// Copies what is left, for a few seconds at most, and ends; the rest waits for the next run.
  void close() {
    closingSince = System.nanoTime();
    closing = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    long pause = FIRST_RETRY_NANOS;
    while (!ship() && !closing) {
      long end = System.nanoTime() + pause;
      while (!closing && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(this, pause);
      }
      pause =
          state instanceof LedgerState.Good
              ? FIRST_RETRY_NANOS
              : Math.min(2 * pause, LAST_RETRY_NANOS);
    }
  }

  /// Until the connection breaks; true where all is copied and the proxy ends.
  private boolean ship() {
    try (Connection from = Database.readable(dir);
        Connection to = connect();
        SharedTable table = SharedTable.of(to, node())) {
      Copy copy = Copy.from(from, table);
      recovered();
      return follow(copy);
    } catch (LedgerException e) {
      failing(String.valueOf(e.getMessage()));
    } catch (SQLException | IOException e) {
      lagging(String.valueOf(e.getMessage()));
    }
    return false;
  }

  private boolean follow(Copy copy) throws SQLException, LedgerException {
    while (true) {
      boolean last = closing;
      boolean more = copy.next() > 0;
      if (last && (!more || System.nanoTime() - closingSince > CLOSING_NANOS)) {
        return true;
      }
      if (!more) {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "30");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "false");
    properties.setProperty("ApplicationName", "llmproxy");
    if (settings.user() != null) {
      properties.setProperty("user", settings.user());
    }
    if (settings.password() != null) {
      properties.setProperty("password", settings.password().reveal());
    }
    Connection connection = DriverManager.getConnection(settings.url(), properties);
    connection.setAutoCommit(false);
    return connection;
  }

  private String node() throws IOException {
    String node = settings.node();
    return node == null ? InetAddress.getLocalHost().getHostName() : node;
  }

  private void lagging(String reason) {
    String line = "the shared ledger is not reached: " + reason.lines().findFirst().orElse("");
    if (state instanceof LedgerState.Good) {
      LOG.warn("ledger: {}", line);
    }
    state = new LedgerState.Lagging(line);
  }

  private void failing(String reason) {
    if (!(state instanceof LedgerState.Failing)) {
      LOG.error("ledger: {}", reason);
    }
    state = new LedgerState.Failing(reason);
  }

  private void recovered() {
    if (!(state instanceof LedgerState.Good)) {
      LOG.warn("ledger: the shared ledger is reached again");
      state = LedgerState.GOOD;
    }
  }
}
