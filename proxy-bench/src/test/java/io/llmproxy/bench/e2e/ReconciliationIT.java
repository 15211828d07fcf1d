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
/// errors, departures, retries, fail-overs and hedges among them, half of them over HTTP/1.1 to the
/// providers and half over HTTP/2.
///
/// The providers' `on_disconnect` is `drain`: with `cancel` a reply that nobody waits for is broken
/// off, and what it has cost by then can only be estimated.
@Timeout(7200)
final class ReconciliationIT {

  private static final int CALLERS = 40;
  private static final int REQUESTS =
      Integer.getInteger("requests", Boolean.getBoolean("long") ? 1_000_000 : 20_000);

  /// What each is asked first, and how: other targets, or the same again, have to help.
  private static final Map<String, String> ROUTES =
      Map.of(
          "refused", "[openai/sim-status=500, groq/sim-words], retry: {max_attempts: 3}",
          "reset", "[glm/sim-reset=head, anthropic/sim-words]",
          "cut", "[grok/sim-words, groq/sim-words], resume: agreed_prefix",
          "errs", "[anthropic/sim-words, grok/sim-words], resume: agreed_prefix",
          "ends", "[\"groq/sim-words,end=4\", openai/sim-words], resume: agreed_prefix",
          "again", "[\"grok/sim-words,status=503,times=300\"]",
          "slow",
              "[\"openai/sim-words,ttft=40ms\", groq/sim-words], hedge: {after: 10ms, max_extra: 90}",
          "late",
              "[\"anthropic/sim-words,head=30ms\", glm/sim-words], hedge: {after: 5ms, max_extra: 90}",
          "close",
              "[\"glm/sim-words,head=6ms\", \"grok/sim-words,ttft=3ms\"], hedge: {after: 2ms, max_extra: 90}");

  private final MixedLoad load = new MixedLoad(CALLERS, List.copyOf(ROUTES.keySet()));

  @TempDir Path directory;

  @Test
  void theDifferenceToTheProvidersBooksIsNoTokenAndNoNanoDollar() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("reconciliation: -Dseed=" + seed);
    try (ProxyBed http1 = bed(Wire.H1);
        ProxyBed http2 = bed(Wire.H2)) {
      long begun = System.nanoTime();
      loaded(List.of(http1, http2), seed);
      System.out.println(
          "reconciliation: %d s, %d whole, %d broken, %d left"
              .formatted(
                  (System.nanoTime() - begun) / 1_000_000_000,
                  load.whole.get(),
                  load.broken.get(),
                  load.left.get()));
      assertThat(load.wrong).as("seed " + seed).isEmpty();
      compare(http1, Wire.H1);
      compare(http2, Wire.H2);
    }
  }

  /// Every buffer's leak is looked for elsewhere: here it would take most of the time.
  private void loaded(List<ProxyBed> beds, long seed) throws Exception {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      load.run(beds, seed, REQUESTS);
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  private ProxyBed bed(Wire upstream) throws Exception {
    StringBuilder root = new StringBuilder("  cost_budget: {on_unpriced: charge_ceiling}\n");
    root.append("  ledger: {dir: \"").append(directory.resolve(upstream.name())).append("\"}\n");
    root.append("  routes:\n");
    ROUTES.forEach((name, targets) ->
        root.append("    - {model: %s, targets: %s}\n".formatted(name, targets)));
    return new ProxyBed(
        ProxyBed.Plan.of(upstream)
            .withProviders("      on_disconnect: drain\n")
            .withRoot(root.toString()));
  }

  private void compare(ProxyBed bed, Wire upstream) throws Exception {
    bed.assertAtRest();
    String usage = bed.usage();
    bed.proxy().close();
    Map<String, String> booked = new TreeMap<>();
    for (Map.Entry<String, ModelBook> each : bed.books().models().entrySet()) {
      if (each.getValue().completed() > 0) {
        Tokens tokens = each.getValue().tokens();
        booked.put(
            each.getKey(),
            said(each.getValue().completed(), tokens.input(), tokens.output(), tokens.reasoning()));
      }
    }
    String url = "jdbc:sqlite:" + directory.resolve(upstream.name()).resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertThat(settled(statement)).as("by the ledger, " + upstream).isEqualTo(booked);
      assertThat(number(statement, "SELECT min(cost) FROM record"))
          .as("nothing without a price")
          .isNotNegative();
      BigDecimal spent = BigDecimal.valueOf(number(statement, "SELECT sum(cost) FROM record"), 9);
      assertThat(usage)
          .as("as the admin port says, " + upstream)
          .contains("\"cost_usd\":\"" + spent.toPlainString() + "\"");
      assertEnoughHappened(statement, upstream);
    }
  }

  private static void assertEnoughHappened(Statement statement, Wire upstream) throws SQLException {
    long more =
        number(
            statement,
            "SELECT count(*) FROM record WHERE (kind = 1 OR of_epoch = 0) AND attempt > 1");
    long twice =
        number(
            statement,
            "SELECT count(*) FROM (SELECT 1 FROM record WHERE kind = 2"
                + " AND outcome = 'COMPLETED' AND source = 'REPORTED'"
                + " GROUP BY request_id HAVING count(*) > 1)");
    System.out.println(
        "reconciliation: %s: %d attempts were not the first, %d hedges cost twice"
            .formatted(upstream, more, twice));
    assertThat(more).as("attempts after the first").isGreaterThan(REQUESTS / 40);
    assertThat(twice).as("hedges both of which were read to their end").isGreaterThan(20);
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /// What was settled of whole replies, by the provider's name and the model.
  private static Map<String, String> settled(Statement statement) throws SQLException {
    String query =
        "SELECT provider || '/' || model, count(*),"
            + " sum(input + cached_input + cache_write_5m + cache_write_1h + cache_write_30m"
            + " + cache_write_12h + input_audio), sum(output + output_audio), sum(reasoning)"
            + " FROM record"
            + " WHERE kind = 2 AND outcome = 'COMPLETED' AND source = 'REPORTED' GROUP BY 1";
    Map<String, String> settled = new TreeMap<>();
    try (ResultSet row = statement.executeQuery(query)) {
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
