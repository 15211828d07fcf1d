package io.llmproxy.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import io.llmproxy.proxy.ledger.Entry;
import io.llmproxy.proxy.ledger.Lane;
import io.llmproxy.proxy.ledger.Ledger;
import io.llmproxy.proxy.ledger.Outcome;
import io.llmproxy.proxy.ledger.Settlement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `ledger verify` and `ledger report` print, and how they end.
final class LedgerCommandTest {
  private static final Usage USAGE = new Usage(10, 20, 3, 1, 0, 0, 1, 40, 5, 2, 0);

  @TempDir private Path dir;

  @Test
  void aDirectoryWithoutALedgerIsAFailure() {
    CliRun run = CliRun.of(Map.of(), "ledger", "verify", dir.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(dir + ": no ledger there");
  }

  @Test
  void aWordThatIsNoDimensionIsWrongUsage() {
    CliRun run = CliRun.of(Map.of(), "ledger", "report", dir.toString(), "--by", "colour");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("expected: provider, model, key, day");
  }

  @Test
  void verifyTellsWhatFitsInOneLine() throws Exception {
    write();
    CliRun run = CliRun.of(Map.of(), "ledger", "verify", dir.toString());
    assertThat(run.out())
        .isEqualTo(
            dir
                + ": ok, 6 records, 3 reservations (0 open, 0 charged after a crash),"
                + " cost_usd 1.500000007\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void verifyTellsEachMismatchOnItsOwnLine() throws Exception {
    write();
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("ledger.db"));
        Statement statement = file.createStatement()) {
      statement.execute("DROP TRIGGER record_no_UPDATE");
      statement.execute("UPDATE record SET cost = cost + 1 WHERE seq IN (2, 4)");
    }
    CliRun run = CliRun.of(Map.of(), "ledger", "verify", dir.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith(dir + ": "));
  }

  @Test
  void jsonHasTheShapeOfTheUsagePage() throws Exception {
    write();
    CliRun run = CliRun.of(Map.of(), "ledger", "report", dir.toString(), "--format", "json");
    assertThat(run.out())
        .startsWith(
            """
            {"totals":{"requests":3,"unpriced_requests":1,"cost_usd":"1.500000007","tokens":\
            {"input":33,"cached_input":60,"cache_write":12,"output":141,"reasoning":15}},\
            "by_provider":[{"name":"openai","requests":3,\
            """)
        .contains("\"by_model\":[{\"name\":\"gpt-4o\"", "\"by_key\":[{\"name\":\"alice\"")
        .contains("\"by_day\":[{\"name\":\"2026-11-01\"", "{\"name\":\"2026-11-02\"");
  }

  @Test
  void csvNeverHandsASpreadsheetAFormula() throws Exception {
    write();
    CliRun run =
        CliRun.of(Map.of(), "ledger", "report", dir.toString(), "--by", "model", "--format", "csv");
    assertThat(run.out())
        .isEqualTo(
            """
            model,requests,unpriced_requests,cost_usd,input,cached_input,cache_write,output,reasoning\r
            gpt-4o,1,0,1.500000000,11,20,4,47,5\r
            "'=HYPERLINK(""x"",1)",1,0,0.000000007,11,20,4,47,5\r
            o3,1,1,0.000000000,11,20,4,47,5\r
            """);
  }

  @Test
  void theTableEndsWithTheTotalOfTheSpan() throws Exception {
    write();
    CliRun run =
        CliRun.of(
            Map.of(), "ledger", "report", dir.toString(), "--by", "key", "--from", "2026-11-02");
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "KEY REQUESTS UNPRICED_REQUESTS COST_USD INPUT CACHED_INPUT CACHE_WRITE OUTPUT REASONING",
            "bob 1 0 0.000000007 11 20 4 47 5",
            "- 1 1 0.000000000 11 20 4 47 5",
            "total 2 1 0.000000007 22 40 8 94 10");
  }

  private void write() throws Exception {
    LedgerSettings settings = new LedgerSettings(dir, Durability.BATCHED, OnCrash.ESTIMATE, null);
    try (Ledger ledger = Ledger.open(settings, 1)) {
      Lane lane = ledger.lane(0);
      write(lane, "alice", "gpt-4o", 1_500_000_000L, "2026-11-01T23:59:59.999Z");
      write(lane, "bob", "=HYPERLINK(\"x\",1)", 7, "2026-11-02T00:00:00Z");
      write(lane, "", "o3", Settlement.UNKNOWN_COST, "2026-11-02T12:00:00Z");
    }
  }

  private static void write(Lane lane, String key, String model, long cost, String at)
      throws Exception {
    long millis = Instant.parse(at).toEpochMilli();
    long id = lane.reserve(new Entry("r", 1, key, "openai", model, 2 * cost, millis));
    // Written before it ends, so that it has a record of its own.
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    lane.whenDurable(Runnable::run, written::complete);
    assertThat(written.get(20, TimeUnit.SECONDS)).isTrue();
    lane.settle(id, new Settlement(USAGE, UsageSource.REPORTED, cost, Outcome.COMPLETED, millis));
  }
}
