package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.ModelBook;
import io.llmproxy.bench.simulator.Tokens;
import io.netty.util.ResourceLeakDetector;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The ledger has what the providers' own books have, to the token: after requests of every kind,
/// errors, departures and retries among them.
@Timeout(3600)
final class ReconciliationIT {

  private static final int CALLERS = 40;
  private static final int REQUESTS = Boolean.getBoolean("long") ? 1_000_000 : 20_000;

  private final MixedLoad load = new MixedLoad(CALLERS);

  @TempDir Path directory;

  @Test
  void theDifferenceToTheProvidersBooksIsNoTokenAndNoNanoDollar() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("reconciliation: -Dseed=" + seed);
    try (ProxyBed bed = bed()) {
      loaded(bed, seed);
      assertThat(load.wrong).as("seed " + seed).isEmpty();
      bed.assertAtRest();
      String usage = bed.usage();
      bed.proxy().close();
      compare(bed);
      assertThat(usage).as("as the admin port says").contains("\"cost_usd\":\"" + spent() + "\"");
      System.out.println(
          "reconciliation: %d whole, %d broken, %d left"
              .formatted(load.whole.get(), load.broken.get(), load.left.get()));
    }
  }

  /// Every buffer's leak is looked for elsewhere: here it would take most of the time.
  private void loaded(ProxyBed bed, long seed) throws Exception {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      load.run(List.of(bed), seed, REQUESTS);
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  private ProxyBed bed() throws Exception {
    String root =
        "  cost_budget: {on_unpriced: charge_ceiling}\n  ledger: {dir: \"%s\"}\n"
            .formatted(directory);
    return new ProxyBed(
        ProxyBed.Plan.of(Wire.H1).withProviders("      on_disconnect: drain\n").withRoot(root));
  }

  private void compare(ProxyBed bed) throws SQLException {
    Map<String, String> booked = new TreeMap<>();
    for (Map.Entry<String, ModelBook> each : bed.books().models().entrySet()) {
      if (each.getValue().completed() > 0) {
        Tokens tokens = each.getValue().tokens();
        booked.put(
            each.getKey(),
            said(each.getValue().completed(), tokens.input(), tokens.output(), tokens.reasoning()));
      }
    }
    assertThat(settled()).as("by the ledger").isEqualTo(booked);
  }

  /// All that was ever charged, in dollars.
  private String spent() throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sum(cost), min(cost) FROM record")) {
      row.next();
      assertThat(row.getLong(2)).as("nothing without a price").isNotNegative();
      return BigDecimal.valueOf(row.getLong(1), 9).toPlainString();
    }
  }

  /// What was settled of whole replies, by the provider's name and the model.
  private Map<String, String> settled() throws SQLException {
    String query =
        "SELECT provider || '/' || model, count(*),"
            + " sum(input + cached_input + cache_write_5m + cache_write_1h + cache_write_30m"
            + " + cache_write_12h + input_audio), sum(output + output_audio), sum(reasoning)"
            + " FROM record"
            + " WHERE kind = 2 AND outcome = 'COMPLETED' AND source = 'REPORTED' GROUP BY 1";
    Map<String, String> settled = new TreeMap<>();
    String url = "jdbc:sqlite:" + directory.resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        settled.put(
            row.getString(1), said(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)));
      }
    }
    return settled;
  }

  private static String said(long answers, long input, long output, long reasoning) {
    return "%d answers, %d in, %d out, %d reasoning".formatted(answers, input, output, reasoning);
  }
}
