package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Limits of requests, tokens and what runs at once, as a caller meets them.
@Timeout(120)
final class LimitsIT {

  private static ProxyBed bed(String root) throws Exception {
    return new ProxyBed(ProxyBed.Plan.of(Wire.H1).withRoot(root));
  }

  private static Ask brief(String model) {
    return Ask.of("openai/" + model, false);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void theRequestBeyondTheLimitIsToldWhenItMayComeAndThenMay(Wire wire) throws Exception {
    try (ProxyBed bed = bed("  rate_limits: {requests_per_minute: 60}\n")) {
      for (int i = 0; i < 60; i++) {
        Answer answer = bed.ask(wire, brief("sim-events=1"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60");
        assertThat(Integer.parseInt(answer.header("x-ratelimit-remaining-requests")))
            .isBetween(59 - i, 60);
      }
      // A bucket of sixty fills by one a second.
      Answer refused = bed.ask(wire, brief("sim-events=1"));
      while (refused.status() == 200) {
        refused = bed.ask(wire, brief("sim-events=1"));
      }
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text())
          .contains("rate_limit_exceeded")
          .contains("limit of 60 requests per minute of address 127.0.0.1");
      assertThat(refused.header("retry-after")).isEqualTo("1");
      Thread.sleep(1_000L * Integer.parseInt(refused.header("retry-after")));
      assertThat(bed.ask(wire, brief("sim-events=1")).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRefusalIsInTheCallersDialect(Dialects dialect) throws Exception {
    try (ProxyBed bed = bed("  rate_limits: {requests_per_minute: 1}\n")) {
      Ask ask = Ask.post(dialect.path, Ask.body("anthropic/sim-events=1", false, ""));
      assertThat(bed.ask(Wire.H1, ask).status()).isEqualTo(200);
      Answer refused = bed.ask(Wire.H1, ask);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text()).contains("rate_limit_error");
      assertThat(refused.text().contains("{\"type\":\"error\""))
          .isEqualTo(dialect == Dialects.MESSAGES);
    }
  }

  enum Dialects {
    CHAT(Ask.CHAT),
    MESSAGES(Ask.MESSAGES);

    final String path;

    Dialects(String path) {
      this.path = path;
    }
  }

  @Test
  void whatRunsAtOnceIsLimitedAndEveryEndFreesAPlace() throws Exception {
    try (ProxyBed bed = bed("  rate_limits: {concurrent_requests: 4}\n")) {
      for (String script :
          List.of(
              "sim-events=5,head=300ms",
              "sim-status=500,head=300ms",
              "sim-events=9,head=300ms,drop=3")) {
        List<Answer> answers = bed.askAtOnce(12, Ask.of("openai/" + script, true));
        assertThat(answers.stream().filter(a -> a.status() == 429)).as(script).hasSize(8);
        Patience.until("all ended", () -> bed.proxy().exchanges() == 0);
      }
      assertThat(bed.ask(Wire.H1, brief("sim-events=1")).status()).isEqualTo(200);
    }
  }

  @Test
  void tokensAreTakenByEstimateAndCorrectedByWhatWasUsed() throws Exception {
    try (ProxyBed bed = bed("  rate_limits: {tokens_per_minute: 1000}\n")) {
      Answer first = bed.ask(Wire.H1, brief("sim-events=300,bytes=4"));
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      long left =
          Long.parseLong(
              bed.ask(Wire.H1, brief("sim-events=1")).header("x-ratelimit-remaining-tokens"));
      assertThat(left).as("300 of 1,000 were told, though 64 were allowed").isLessThan(750);
      Answer large =
          bed.ask(
              Wire.H1,
              Ask.post(
                  Ask.CHAT,
                  Ask.body("openai/sim-events=1", false, ",\"x\":\"" + "y".repeat(8000) + "\"")));
      assertThat(large.status()).isEqualTo(429);
      assertThat(large.header("x-should-retry")).isEqualTo("false");
      assertThat(large.text()).contains("more than the limit of 1000 tokens per minute");
    }
  }

  @Test
  void aProvidersLimitSendsRequestsToTheNextTarget() throws Exception {
    String root =
        """
          routes:
            - {model: both, targets: [limited/sim-events=1, openai/sim-events=2]}
        """;
    String limited =
        """
            limited:
              type: openai
              api_key: k
              base_url: "OPENAI_URL"
              rate_limits: {requests_per_minute: 1}
        """;
    try (ProxyBed bed =
        new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(limited).withRoot(root))) {
      Ask ask = Ask.post(Ask.CHAT, Ask.body("both", false, ""));
      assertThat(bed.ask(Wire.H1, ask).header("x-llmproxy-provider")).isEqualTo("limited");
      assertThat(bed.ask(Wire.H1, ask).header("x-llmproxy-provider")).isEqualTo("openai");
      Answer refused =
          bed.ask(Wire.H1, Ask.post(Ask.CHAT, Ask.body("limited/sim-events=1", false, "")));
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text()).contains("of provider limited");
      assertThat(refused.header("retry-after")).isNotEmpty();
    }
  }
}
