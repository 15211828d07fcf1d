package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Those cases of `docs/edge-cases.md` that only a whole proxy can prove, by their numbers.
@Timeout(60)
final class EdgeCasesIT {

  private static final String RESPONSES = "/v1/responses";
  private static final String STREAM_HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

  private static RawProvider raw;
  private static ProxyBed bed;

  @BeforeAll
  static void start() throws Exception {
    raw = new RawProvider();
    String base = raw.baseUrl().replace("/v1", "");
    String claude =
        "    claude:\n      type: anthropic\n      base_url: \"%s\"\n      api_key: \"%s\"\n";
    String others =
        claude.formatted(base, "sk-ant-oat01-PROVIDERSECRET")
            + claude.formatted(base, "sk-ant-api03-PROVIDERSECRET").replace("claude:", "plain:");
    bed =
        new ProxyBed(
            ProxyBed.Plan.of(Wire.H1).withOthers(others).withRoot("  timeouts: {idle: 1s}\n"));
  }

  @AfterAll
  static void stop() throws Exception {
    bed.close();
    raw.close();
  }

  @AfterEach
  void atRest() throws InterruptedException {
    bed.assertAtRest();
  }

  private static Ask asked(String path, String model, boolean stream) {
    String question =
        path.equals(RESPONSES)
            ? "\"max_output_tokens\":64,\"input\":\"Where?\""
            : "\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Where?\"}]";
    return Ask.post(path, "{\"model\":\"%s\",\"stream\":%s,%s}".formatted(model, stream, question));
  }

  @ParameterizedTest
  @ValueSource(strings = {Ask.CHAT, Ask.MESSAGES, RESPONSES})
  void case20AnErrorInsideA200IsAnErrorToWhoAskedForAStream(String path) throws Exception {
    Answer answer =
        bed.ask(Wire.H1, asked(path, "grok/sim-sample=xai-200-json-error-on-stream", true));
    assertThat(answer.status()).as(answer.text()).isGreaterThanOrEqualTo(400);
    assertThat(answer.header("content-type")).startsWith("application/json");
    assertThat(Json.object(answer.text()).get("error")).isInstanceOf(Map.class);
  }

  @Test
  void case45AThousandPingsShowNothingAndKeepAStreamAlive() throws Exception {
    raw.script((line, _) -> {
      line.readRequest();
      line.write(STREAM_HEAD + event("message_start", "\"message\":{\"id\":\"m\"}"));
      // Longer than the silence that would end it.
      for (int i = 0; i < 1000; i++) {
        line.write("event: ping\ndata: {\"type\": \"ping\"}\n\n");
        if (i % 10 == 0) {
          Thread.sleep(20);
        }
      }
      line.write(
          event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}")
              + event("message_stop", "\"x\":1"));
    });
    Answer answer = bed.ask(Wire.H1, asked(Ask.CHAT, "plain/claude", true));
    assertThat(answer.ending()).as(answer.text()).isEqualTo(Ending.WHOLE);
    assertThat(answer.text()).endsWith("data: [DONE]\n\n").doesNotContain("ping");
    assertThat(answer.text().split("\n\n", -1)).hasSizeLessThan(6);
  }

  @Test
  void case48ASpendLimitThatIsReachedIsNotAskedTwice() throws Exception {
    String error =
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\","
            + "\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}}}";
    raw.script((line, _) -> {
      while (line.readRequest()) {
        line.write(
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n"
                + "content-length: %d\r\n\r\n%s".formatted(error.length(), error));
      }
    });
    Answer answer = bed.ask(Wire.H1, asked(Ask.CHAT, "plain/claude", false));
    assertThat(answer.status()).isEqualTo(429);
    assertThat(raw.requests()).isEqualTo(1);
    assertThat(answer.header("x-llmproxy-attempts")).isEqualTo("1");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void case53BetasOfTheCallerAndOfTheCredentialBothReachTheProvider() throws Exception {
    AtomicReference<String> head = new AtomicReference<>("");
    raw.script((line, _) -> {
      while (line.readRequest()) {
        head.set(line.head());
        line.writeAnswer();
      }
    });
    Ask plain = asked(Ask.MESSAGES, "claude/claude", false);
    Ask one = plain.with("anthropic-beta", "context-1m-2025-08-07");
    bed.ask(Wire.H1, one.with("anthropic-beta", "fast-mode-2026-02-01"));
    assertThat(head.get())
        .contains("authorization: Bearer sk-ant-oat01-PROVIDERSECRET\r\n")
        .containsOnlyOnce("anthropic-beta: ")
        .contains(
            "anthropic-beta: oauth-2025-04-20,context-1m-2025-08-07,fast-mode-2026-02-01\r\n");
    bed.ask(Wire.H1, plain);
    assertThat(head.get()).contains("anthropic-beta: oauth-2025-04-20\r\n");
    bed.ask(Wire.H1, plain.with("anthropic-beta", "oauth-2025-04-20"));
    assertThat(head.get()).contains("anthropic-beta: oauth-2025-04-20\r\n");
    bed.ask(Wire.H1, asked(Ask.MESSAGES, "plain/claude", false).with("anthropic-beta", "a,b"));
    assertThat(head.get())
        .contains("x-api-key: sk-ant-api03-PROVIDERSECRET\r\n", "anthropic-beta: a,b\r\n")
        .doesNotContain("authorization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "openai", "glm", "groq", "grok"})
  void case54ACallerThatLeavesCancelsAndWhatWasUsedIsRecorded(String provider) throws Exception {
    String model = "sim-events=4000,rate=500,id=" + provider + "54";
    String source = provider.equals("anthropic") ? "partial" : "estimated";
    double reported = outputTokens(provider, "reported");
    double before = outputTokens(provider, source);
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      caller.write(asked(Ask.CHAT, provider + "/" + model, true));
      caller.readHead();
      for (int i = 0; i < 20; i++) {
        assertThat(caller.readChunk(OutputStream.nullOutputStream())).isTrue();
      }
    }
    long left = System.nanoTime();
    Patience.until("cancelled", () -> !bed.cancellations(model).isEmpty());
    Duration took = Duration.ofNanos(System.nanoTime() - left);
    assertThat(took).isLessThan(Duration.ofSeconds(2));
    Patience.until("no exchange", () -> bed.proxy().exchanges() == 0);
    assertThat(outputTokens(provider, source)).isGreaterThan(before);
    assertThat(outputTokens(provider, "reported")).isEqualTo(reported);
  }

  /// By the proxy's own counter.
  private static double outputTokens(String provider, String source) throws Exception {
    int port = bed.proxy().adminAddress().getPort();
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text = client.send(ask, BodyHandlers.ofString()).body();
      List<String> lines =
          text.lines()
              .filter(line -> line.startsWith("llmproxy_tokens_total{kind=\"output\""))
              .filter(line -> line.contains("provider=\"" + provider + "\""))
              .filter(line -> line.contains("source=\"" + source + "\""))
              .toList();
      return lines.stream()
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "glm", "groq", "grok"})
  void case56TokensAreCountedByAnEstimateThatLearns(String provider) throws Exception {
    String text =
        "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]".formatted("word ".repeat(3000));
    String model = provider + "/sim-events=1,id=" + provider + "56";
    Ask count =
        Ask.post("/v1/messages/count_tokens", "{\"model\":\"%s\",%s}".formatted(model, text));
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      Answer before = caller.send(count);
      assertThat(before.header("x-llmproxy-token-count")).isEqualTo("estimated");
      // The simulators count a token for every four bytes.
      for (int i = 0; i < 30; i++) {
        caller.send(
            Ask.post(
                Ask.MESSAGES, "{\"model\":\"%s\",\"max_tokens\":5,%s}".formatted(model, text)));
      }
      Answer after = caller.send(count);
      assertThat(tokens(before)).isBetween(2900L, 3200L);
      assertThat(tokens(after)).isBetween(3600L, 3900L);
    }
  }

  private static long tokens(Answer count) throws IOException {
    return Long.parseLong(String.valueOf(Json.object(count.text()).get("input_tokens")));
  }

  private static String event(String type, String members) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, members);
  }
}
