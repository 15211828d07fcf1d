package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.Simulators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `llmproxy serve` as its user runs it: a process, its two ports, its two streams, its end.
@Timeout(90)
final class ServeIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String CALLER = "CALLERSECRET-0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Simulators simulators = Simulators.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @TempDir private Path directory = Path.of("");

  ServeIT() throws IOException {}

  @AfterEach
  void close() {
    client.close();
    simulators.close();
  }

  @Test
  void writesOneLineForEachRequestAndCountsThem() throws Exception {
    try (Child child = serve("log_level: info")) {
      String ready = child.line();
      assertThat(ready)
          .matches("llmproxy ready http://127\\.0\\.0\\.1:\\d+ admin http://127\\.0\\.0\\.1:\\d+");
      URI data = URI.create(ready.split(" ", -1)[2]);
      assertLogsAStream(child, data);
      assertLogsAnAnswer(child, data);
      assertLogsARefusal(child, data);
      String metrics = get(data.resolve("/metrics"));
      assertThat(metrics).containsPattern("llmproxy_requests_total\\{[^}]*grok[^}]*} 1(\\.0)?\n");
      assertThat(line(child).path("status").asInt()).isEqualTo(200);
      String admin = get(URI.create(ready.split(" ", -1)[4]).resolve("/metrics"));
      assertThat(admin).contains("llmproxy_requests_total{");
      child.terminate();
      assertThat(child.status()).isZero();
      assertThat(child.out()).as("ready, three requests, metrics on the data port").hasSize(5);
    }
  }

  private void assertLogsAStream(Child child, URI data) throws Exception {
    String body = Bodies.chat("grok/sim-events=12,think=3", true);
    HttpResponse<String> answer = post(data.resolve(CHAT), body);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    JsonNode line = line(child);
    assertFields(line, "operation chat_completions", "provider grok", "outcome completed");
    assertFields(line, "request_model grok/sim-events=12,think=3", "caller 127.0.0.1");
    assertFields(line, "response_model sim-events=12,think=3", "status 200", "attempts 1");
    assertFields(line, "streamed true", "request_bytes " + body.length());
    assertFields(line, "reply_bytes " + answer.body().length(), "usage_source reported");
    assertFields(line, "id " + answer.headers().firstValue("x-request-id").orElseThrow());
    assertThat(line.path("tokens").path("output").asInt()).as(line.toString()).isEqualTo(15);
    assertThat(line.path("tokens").path("reasoning").asInt()).isEqualTo(3);
    assertThat(line.path("first_token_ms").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(line.path("total_ms").asDouble());
    assertThat(line.path("overhead_us").isNumber()).isTrue();
    assertThat(line.path("code").isNull()).isTrue();
  }

  private void assertLogsAnAnswer(Child child, URI data) throws Exception {
    String body = Bodies.message("claude-sonnet-4", false);
    assertThat(post(data.resolve("/v1/messages"), body).statusCode()).isEqualTo(200);
    JsonNode line = line(child);
    assertFields(line, "operation messages", "provider anthropic", "streamed false", "status 200");
    assertFields(line, "request_model claude-sonnet-4", "response_model claude-sonnet-4");
  }

  private void assertLogsARefusal(Child child, URI data) throws Exception {
    HttpResponse<String> answer = post(data.resolve(CHAT), Bodies.chat("no-such-model", false));
    assertThat(answer.statusCode()).isEqualTo(404);
    JsonNode line = line(child);
    assertFields(line, "status 404", "code model_not_found", "attempts 0", "provider null");
    assertFields(line, "request_model no-such-model");
    assertThat(line.path("tokens").isNull()).isTrue();
  }

  @Test
  void letsAStreamFinishAfterSigterm() throws Exception {
    try (Child child = serve("shutdown: {drain: 20s}")) {
      URI data = child.ready().getFirst();
      String body = Bodies.chat("openai/sim-events=30,rate=20", true);
      try (RawHttp1 caller = new RawHttp1(data.getPort()).send(RawHttp1.post(CHAT, body))) {
        caller.readTo("the answer");
        child.terminate();
        assertThat(caller.readToEnd()).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
      }
      assertThat(child.status()).isZero();
      assertFields(line(child), "outcome completed", "status 200", "streamed true");
      assertThat(child.out()).hasSize(2);
      assertThat(child.err()).anyMatch(line -> line.contains("draining"));
    }
  }

  @Test
  void breaksOffAStreamThatOutlastsTheDrainAndStillEndsWell() throws Exception {
    try (Child child = serve("shutdown: {drain: 300ms}")) {
      URI data = child.ready().getFirst();
      String body = Bodies.chat("openai/sim-events=1200,rate=20", true);
      try (RawHttp1 caller = new RawHttp1(data.getPort()).send(RawHttp1.post(CHAT, body))) {
        caller.readTo("the answer");
        child.terminate();
        assertThat(caller.readToEnd()).contains("data: {\"error\":").doesNotContain("[DONE]");
      }
      assertThat(child.status()).isZero();
      assertFields(line(child), "outcome failed", "code draining");
    }
  }

  @Test
  void writesNoSecretWhateverGoesWrong() throws Exception {
    try (Child child = serve("log_level: trace")) {
      URI data = child.ready().getFirst();
      String[] scripts = {
        "sim-events=1",
        "sim-status=401",
        "sim-status=400",
        "sim-status=500",
        "sim-html",
        "sim-reset=head",
        "sim-events=5,cut=2",
        "sim-events=5,end=2",
        "sim-events=5,error_event=2"
      };
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        for (String script : scripts) {
          askWhateverComes(data, provider, provider.key() + "/" + script);
        }
      }
      try (RawHttp1 hostile = new RawHttp1(data.getPort())) {
        hostile.send(
            "GET / HTTP/1.1\r\nauthorization: Bearer " + CALLER + "\r\nbad header\r\n\r\n");
        assertThat(hostile.readToEnd()).startsWith("HTTP/1.1 400 ").doesNotContain("CALLERSECRET");
      }
      child.terminate();
      assertThat(child.status()).isZero();
      assertThat(child.out()).hasSize(2 + scripts.length * SimulatedProvider.values().length);
      assertThat(child.out()).noneMatch(ServeIT::hasSecret);
      assertThat(child.err()).noneMatch(ServeIT::hasSecret);
    }
  }

  private static boolean hasSecret(String line) {
    return line.contains("PROVIDERSECRET") || line.contains("CALLERSECRET");
  }

  private void askWhateverComes(URI data, SimulatedProvider provider, String model)
      throws InterruptedException {
    boolean anthropic = provider == SimulatedProvider.ANTHROPIC;
    String body = anthropic ? Bodies.message(model, true) : Bodies.chat(model, true);
    try {
      String answer = post(data.resolve(anthropic ? "/v1/messages" : CHAT), body).body();
      assertThat(hasSecret(answer)).as(answer).isFalse();
    } catch (IOException _) {
      // the stream was cut, as asked for: what was written of it is what counts here
    }
  }

  private Child serve(String line) throws IOException {
    String yaml = LabYaml.before(simulators).top(line).text();
    return Child.serve(Files.writeString(directory.resolve("llmproxy.yaml"), yaml));
  }

  private static JsonNode line(Child child) throws InterruptedException, JsonProcessingException {
    return JSON.readTree(child.line());
  }

  /// Each as `name value`.
  private static void assertFields(JsonNode line, String... fields) {
    for (String field : List.of(fields)) {
      String[] nameAndValue = field.split(" ", 2);
      assertThat(line.path(nameAndValue[0]).asText())
          .as(line.toString())
          .isEqualTo(nameAndValue[1]);
    }
  }

  private String get(URI uri) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> post(URI uri, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + CALLER)
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
