package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import io.llmproxy.proxy.config.LedgerSettings.SharedLedger;
import io.llmproxy.proxy.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records of a node's own ledger in a real PostgreSQL.
final class SharedLedgerTest {

  @TempDir private Path dir;

  @Test
  void everyRecordGetsThereOnceAcrossARestartOfTheDatabaseAndOfTheProxy() throws Exception {
    int port = freePort();
    Path data = dir.resolve("postgres");
    EmbeddedPostgres first = postgres(port, data);
    EmbeddedPostgres again;
    try (Ledger ledger = Ledger.open(settings(port, "own", "node-a"), 1)) {
      write(ledger, 50);
      await(() -> countOrMinusOne(first, "node-a") == 100);
      first.close();
      write(ledger, 50);
      await(() -> ledger.state() instanceof LedgerState.Lagging);
      again = postgres(port, data);
      await(() -> countOrMinusOne(again, "node-a") == 200);
      await(() -> ledger.state() instanceof LedgerState.Good);
    }
    try (again) {
      forgetTheLast(again);
      Ledger.open(settings(port, "own", "node-a"), 1).close();
      assertThat(count(again, "node-a")).isEqualTo(200);
      assertThat(sum(again)).isEqualTo(500);
      refusesTheNameOfAnother(port, again);
      twoThatBeginUnderOneNameAreNotMixed(port, again);
    }
  }

  /// As if the database had been set back to an older copy.
  private static void forgetTheLast(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      Database.execute(connection, "DELETE FROM llmproxy_ledger WHERE seq > 150");
    }
  }

  private void refusesTheNameOfAnother(int port, EmbeddedPostgres postgres) throws Exception {
    try (Ledger other = Ledger.open(settings(port, "other", "node-a"), 1)) {
      write(other, 1);
      await(() -> other.state() instanceof LedgerState.Failing);
      assertThat(other.state())
          .asString()
          .contains("has records under this node's name that are not in this ledger");
    }
    assertThat(count(postgres, "node-a")).isEqualTo(200);
  }

  private void twoThatBeginUnderOneNameAreNotMixed(int port, EmbeddedPostgres postgres)
      throws Exception {
    try (Ledger one = Ledger.open(settings(port, "one", "node-b"), 1);
        Ledger two = Ledger.open(settings(port, "two", "node-b"), 1)) {
      // Both have asked how far the node came, and heard: nowhere.
      Thread.sleep(500);
      write(one, 1);
      await(() -> countOrMinusOne(postgres, "node-b") == 2);
      two.lane(0).release(two.lane(0).reserve(Scene.entry("of two", 10)));
      write(two, 1);
      await(() -> two.state() instanceof LedgerState.Failing);
    }
    assertThat(count(postgres, "node-b")).isEqualTo(2);
  }

  private LedgerSettings settings(int port, String name, String node) {
    SharedLedger shared =
        new SharedLedger(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
            "postgres",
            new Secret("postgres"),
            node);
    return new LedgerSettings(dir.resolve(name), Durability.STRICT, OnCrash.FULL, shared);
  }

  private static EmbeddedPostgres postgres(int port, Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .start();
  }

  private static void write(Ledger ledger, int count) throws InterruptedException {
    Lane lane = ledger.lane(0);
    Scene.pairs(lane, count, 10, _ -> 5);
    assertThat(Scene.isDurable(lane)).isTrue();
  }

  private static long countOrMinusOne(EmbeddedPostgres postgres, String node) {
    try {
      return count(postgres, node);
    } catch (SQLException _) {
      return -1;
    }
  }

  private static long count(EmbeddedPostgres postgres, String node) throws SQLException {
    return number(postgres, "SELECT count(*) FROM llmproxy_ledger WHERE node = '" + node + "'");
  }

  private static long sum(EmbeddedPostgres postgres) throws SQLException {
    return number(postgres, "SELECT sum(cost) FROM llmproxy_ledger WHERE kind = 2");
  }

  private static long number(EmbeddedPostgres postgres, String query) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
      Thread.sleep(20);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
