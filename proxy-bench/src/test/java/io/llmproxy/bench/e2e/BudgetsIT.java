package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Budgets are kept to the last nano-dollar, however many calls come at once.
@Timeout(120)
final class BudgetsIT {

  /// A thousand tokens of answer for ten cents; the question is free.
  private static final String PRICED =
      """
          dear:
            type: openai
            api_key: k
            base_url: "OPENAI_URL"
            models:
              - name: "sim-events=1000,bytes=4,ttft=200ms"
                alias: "ten-cents"
                price: {input: 0, output: 100}
              - name: "sim-events=60,bytes=4,rate=100"
                alias: "slow"
                price: {input: 0, output: 100}
              - name: "sim-events=3"
                alias: "unpriced"
      """;

  private static String body(String model, int tokens, boolean stream) {
    return "{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(model, tokens, stream);
  }

  private static ProxyBed bed(String root) throws Exception {
    return new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(PRICED).withRoot(root));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aThousandCallsOfTenCentsAtOnceAgainstFiveDollarsAdmitExactlyFifty(boolean stream)
      throws Exception {
    try (ProxyBed bed = bed("  cost_budget: {hourly_limit: 5}\n")) {
      List<Answer> answers =
          bed.askAtOnce(1_000, Ask.post(Ask.CHAT, body("ten-cents", 1000, stream)));
      assertThat(answers.stream().filter(a -> a.status() == 200)).hasSize(50);
      assertThat(answers.stream().filter(a -> a.status() == 200))
          .allSatisfy(a -> assertThat(a.ending()).isEqualTo(Ending.WHOLE));
      assertThat(answers.stream().filter(a -> a.status() == 429))
          .hasSize(950)
          .allSatisfy(a -> {
            assertThat(a.text()).contains("budget_exceeded");
            assertThat(a.header("x-should-retry")).isEqualTo("false");
          });
      assertThat(tokens(bed)).isEqualTo(50_000);
      assertThat(bed.usage()).contains("\"cost_usd\":\"5.000000000\"");
      bed.assertAtRest();
    }
  }

  private static long tokens(ProxyBed bed) {
    return bed.books().models().values().stream()
        .mapToLong(book -> book.tokens().output() + book.unfinishedOutput())
        .sum();
  }

  @Test
  void aStreamThatSpendsMoreThanTheBudgetHasIsStoppedWithAnError() throws Exception {
    try (RawProvider provider = new RawProvider();
        ProxyBed bed =
            new ProxyBed(
                ProxyBed.Plan.of(Wire.H1)
                    .withOthers(
                        """
                            deaf:
                              type: openai
                              api_key: k
                              base_url: "http://127.0.0.1:%d"
                              models: [{name: m, price: {input: 0, output: 100}}]
                        """
                            .formatted(provider.port()))
                    .withRoot("  cost_budget: {hourly_limit: 0.05}\n"))) {
      provider.script((line, _) -> {
        line.readRequest();
        line.write(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
        // It was asked for a hundred tokens, and tells five thousand.
        // In pieces: what has arrived at once has been spent before anyone can look at it.
        String words =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"}}]}\n\n".repeat(50);
        for (int i = 0; i < 100; i++) {
          line.write(words);
          Thread.sleep(10);
        }
      });
      Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, body("deaf/m", 100, true)));
      Refusals.assertBrokenOff(answer, Ask.CHAT);
      assertThat(answer.text()).contains("budget_exceeded");
      long words = answer.text().lines().filter(line -> line.contains("word")).count();
      assertThat(words)
          .as("500 tokens are five cents; a look is every 4 KiB")
          .isBetween(400L, 600L);
      Answer next = bed.ask(Wire.H1, Ask.post(Ask.CHAT, body("deaf/m", 100, true)));
      assertThat(next.status()).isEqualTo(429);
    }
  }

  @Test
  void whatIsNotSpentIsThereForTheNext() throws Exception {
    try (ProxyBed bed = bed("  cost_budget: {daily_limit: 0.2}\n")) {
      // Each may cost 19.4 cents and costs six tenths of one.
      for (int i = 0; i < 2; i++) {
        Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, body("slow", 1940, false)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      }
      Answer third = bed.ask(Wire.H1, Ask.post(Ask.CHAT, body("slow", 1940, false)));
      assertThat(third.status()).as("18.8 cents are left").isEqualTo(200);
      assertThat(third.header("x-llmproxy-max-tokens")).isEqualTo("1880");
    }
  }

  @Test
  void anAnswerOfUnsaidLengthIsLimitedToWhatTheBudgetPays() throws Exception {
    try (ProxyBed bed = bed("  cost_budget: {monthly_limit: 0.01}\n")) {
      String open = "{\"model\":\"slow\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, open));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.header("x-llmproxy-max-tokens")).isEqualTo("100");
    }
  }

  @Test
  void aModelWithoutAPriceIsRefusedWhereABudgetApplies() throws Exception {
    try (ProxyBed bed = bed("  cost_budget: {monthly_limit: 1}\n")) {
      Answer answer = bed.ask(Wire.H1, Ask.post(Ask.CHAT, body("unpriced", 5, false)));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).contains("price_unknown").contains("dear/sim-events=3");
    }
  }
}
