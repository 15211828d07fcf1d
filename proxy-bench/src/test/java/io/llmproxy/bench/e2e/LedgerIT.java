package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.sdk.LedgerCheck;
import io.llmproxy.proxy.ledger.LedgerException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the ledger says of requests as callers know them.
@Timeout(120)
final class LedgerIT {

  private static final String PRICED =
      """
          dear:
            type: openai
            api_key: k
            base_url: "OPENAI_URL"
            models: [{name: "sim-events=1000,bytes=4", alias: "dime", price: {input: 0, output: 100}}, {name: "sim-silent", price: {input: 1000, output: 0}}, {name: "sim-events=2", price: {input: 0, output: 100}}]
      """;

  @TempDir Path directory;

  private ProxyBed bed(String durability, String more) throws Exception {
    String ledger = "  ledger: {dir: \"%s\", durability: %s}\n".formatted(directory, durability);
    return new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(PRICED).withRoot(ledger + more));
  }

  private static Ask dime(boolean stream) {
    return Ask.post(
        Ask.CHAT,
        "{\"model\":\"dime\",\"max_tokens\":1000,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(stream));
  }

  /// How each reservation ended, with what was held for it. Whether it has a record of its own as
  /// well depends on what the disk was doing meanwhile.
  private List<String> ends(String columns) {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger.db"));
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT concat_ws(' ', "
                    + columns
                    + ") FROM record WHERE kind <> 1 ORDER BY epoch, seq")) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
    return rows;
  }

  @AfterEach
  void verify() {
    LedgerCheck.assertGood(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"strict", "batched"})
  void anAnswerIsHeldAndSettledToTheNanoDollar(String durability) throws Exception {
    try (ProxyBed bed = bed(durability, "  cost_budget: {daily_limit: 1}\n")) {
      // On one event loop: the ledger keeps the order of each, but not between them.
      try (Http1Caller caller = new Http1Caller(bed.address())) {
        for (boolean stream : List.of(true, false)) {
          Answer answer = caller.send(dime(stream));
          assertThat(answer.ending()).as(answer.text()).isEqualTo(Ending.WHOLE);
        }
      }
      bed.assertAtRest();
    }
    assertThat(ends("kind, held, cost, key, provider, outcome, source, output"))
        .containsExactly(
            "2 100000000 100000000 127.0.0.1 dear COMPLETED REPORTED 1000",
            "2 100000000 100000000 127.0.0.1 dear COMPLETED REPORTED 1000");
  }

  @Test
  void whatWasSpentBeforeARestartIsSpentAfterIt() throws Exception {
    String budget = "  cost_budget: {monthly_limit: 0.25}\n";
    try (ProxyBed bed = bed("strict", budget)) {
      assertThat(bed.ask(Wire.H1, dime(false)).status()).isEqualTo(200);
    }
    try (ProxyBed bed = bed("strict", budget)) {
      assertThat(bed.ask(Wire.H1, dime(false)).status()).isEqualTo(200);
      Answer third = bed.ask(Wire.H1, dime(false));
      assertThat(third.header("x-llmproxy-max-tokens")).as("five cents are left").isEqualTo("500");
    }
  }

  @Test
  void anAttemptThatFailedIsReleasedAndTheNextOneSettled() throws Exception {
    String route =
        """
          routes:
            - {model: both, targets: ["openai/sim-status=500", "openai/sim-events=2"]}
        """;
    try (ProxyBed bed = bed("strict", route)) {
      Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, Ask.body("both", false, "")));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
    assertThat(ends("kind, attempt, model"))
        .containsExactly("3 1 sim-status=500", "2 2 sim-events=2");
  }

  private ProxyBed hedging(String slow) throws Exception {
    String root =
        """
          ledger: {dir: "%s"}
          routes:
            - model: hedged
              targets: ["openai/sim-words,ttft=100ms%s", "groq/sim-words"]
              hedge: {after: 5ms, max_extra: 90}
        """
            .formatted(directory, slow);
    return new ProxyBed(
        ProxyBed.Plan.of(Wire.H1).withProviders("      on_disconnect: drain\n").withRoot(root));
  }

  @Test
  void aHedgeThatLostIsReadOnToItsProvidersCount() throws Exception {
    try (ProxyBed bed = hedging("")) {
      Answer answer = bed.ask(Wire.H1, Ask.of("hedged", true));
      assertThat(answer.header("x-llmproxy-provider")).isEqualTo("groq");
      bed.assertAtRest();
      assertThat(bed.usage()).contains("\"requests\":1,");
    }
    assertThat(ends("kind, provider, outcome, source, output"))
        .containsExactlyInAnyOrder(
            "2 groq COMPLETED REPORTED 10", "2 openai COMPLETED REPORTED 10");
  }

  @Test
  void aHedgeThatLostAndNeverEndsIsSettledWhenTheProxyEnds() throws Exception {
    try (ProxyBed bed = hedging(",stall=1")) {
      bed.ask(Wire.H1, Ask.of("hedged", true));
      Patience.until("the loser has begun", () -> bed.books().openStreams() == 1);
      assertThat(bed.proxy().exchanges()).isEqualTo(1);
    }
    assertThat(ends("kind, provider, outcome"))
        .containsExactlyInAnyOrder("2 groq COMPLETED", "2 openai CANCELLED");
  }

  @Test
  void aSecondProxyOnTheSameLedgerDoesNotStart() throws Exception {
    try (ProxyBed first = bed("strict", "")) {
      assertThatThrownBy(() -> bed("strict", "").close())
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining(directory.toString());
      assertThat(first.ask(Wire.H1, dime(false)).status()).isEqualTo(200);
    }
  }

  @Test
  void aCallerThatLeavesIsChargedForWhatItWasToldAndTheQuestion() throws Exception {
    try (ProxyBed bed = bed("strict", "")) {
      try (Http1Caller caller = new Http1Caller(bed.address())) {
        caller.write(Ask.of("openai/sim-events=500,rate=50", true));
        caller.readHead();
        caller.in().readNBytes(600);
      }
      Patience.until("no exchange", () -> bed.proxy().exchanges() == 0);
    }
    List<String> ends = ends("kind, outcome, source, input > 0, output > 0");
    assertThat(ends).containsExactly("2 CANCELLED ESTIMATED 1 1");
  }

  @Test
  void aQuestionThatNobodyAnswersIsChargedByEstimateAndNotPutAgain() throws Exception {
    String mute =
        """
          timeouts: {response_head: 500ms}
          cost_budget: {daily_limit: 1.12}
          routes:
            - {model: alone, targets: ["dear/sim-silent"]}
        """;
    try (ProxyBed bed = bed("strict", mute)) {
      Ask ask = Ask.post(Ask.CHAT, Ask.body("alone", false, ""));
      Refusals.assertOpenAi(bed.ask(Wire.H1, ask), 504, "upstream_timeout");
      Patience.until("given up", () -> bed.cancellations("sim-silent").size() == 1);
      Answer second = bed.ask(Wire.H1, ask);
      assertThat(second.status()).as("the first is spent: " + second.text()).isEqualTo(429);
      assertThat(bed.cancellations("sim-silent")).as("asked").hasSize(1);
      // A whole answer waits for its settlement; the 504 does not.
      Patience.until("settled on disk", () -> ends("cost").size() == 1);
      long nanos = Long.parseLong(ends("cost").getLast());
      assertThat(nanos).isPositive();
      assertThat(bed.usage())
          .contains("\"cost_usd\":\"" + BigDecimal.valueOf(nanos, 9).toPlainString() + "\"");
    }
    assertThat(ends("kind, attempt, outcome, source, input > 0, output"))
        .containsExactly("2 1 UNKNOWN ESTIMATED 1 0");
  }

  @Test
  void itIsChargedBesideTheAnswerOfAnother() throws Exception {
    String both =
        """
          timeouts: {response_head: 500ms}
          routes:
            - {model: both, targets: ["dear/sim-silent", "dear/sim-events=2"]}
        """;
    try (ProxyBed bed = bed("strict", both)) {
      Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, Ask.body("both", true, "")));
      assertThat(answer.ending()).as(answer.text()).isEqualTo(Ending.WHOLE);
      assertThat(bed.cancellations("sim-silent")).as("asked").hasSize(1);
    }
    assertThat(ends("kind, attempt, model, outcome, source, cost > 0"))
        .containsExactly(
            "2 1 sim-silent UNKNOWN ESTIMATED 1", "2 2 sim-events=2 COMPLETED REPORTED 1");
  }
}
