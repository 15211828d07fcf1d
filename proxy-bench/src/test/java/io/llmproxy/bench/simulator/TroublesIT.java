package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Asker.count;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What befalls a request and passes, or concerns its key, its conversation or its reply's head.
@Timeout(30)
final class TroublesIT {

  private Simulators simulators;
  private Asker asker;

  @BeforeEach
  void start() throws IOException {
    simulators = Simulators.start(SimulatorSettings.DEFAULT.withAttempts());
    asker = new Asker(simulators);
  }

  @AfterEach
  void stop() {
    asker.close();
    simulators.close();
    assertThat(simulators.books().openStreams()).isZero();
    assertThat(simulators.books().openConnections()).isZero();
  }

  private static String body(String model, boolean stream, String prompt) {
    return Asker.body(model, stream, "").replace("\"hi\"", '"' + prompt + '"');
  }

  @ParameterizedTest
  @CsvSource({
    "status=500",
    "reset=head",
    "silent",
    "html",
    "cut=2",
    "drop=2",
    "close=2",
    "stall=2",
    "error_event=2",
    "end=2",
    "sse=unended",
    "context_length",
    "content_policy",
    "quota",
    "malformed=2",
    "badkey=k",
    "limitkey=k",
    "endless=20KiB",
    "head=1m",
    "ttft=1m",
    "halfopen=2"
  })
  void everyFaultPassesAfterSoManyRequestsOfOnePrompt(String fault) throws Exception {
    String model = "sim-words,events=5,times=1," + fault;
    String plain = answer("sim-words,events=5", "plain", 5000);
    String first = answer(model, "one", 400);
    String second = answer(model, "one", 5000);
    String other = answer(model, "another", 400);
    assertThat(text(first)).isNotEqualTo(text(plain));
    assertThat(text(second)).isEqualTo(text(plain));
    assertThat(text(other)).isNotEqualTo(text(plain));
  }

  private static String text(String stream) {
    return stream.replaceAll("sim-[^\"]*", "").replaceAll("_tokens\":[0-9]+", "");
  }

  /// What arrives within a while, and how it ends.
  private String answer(String model, String prompt, int millis) throws Exception {
    HttpRequest request = asker.chat(SimulatedProvider.OPENAI, body(model, true, prompt));
    try {
      HttpResponse<String> response = asker.send(request, Duration.ofMillis(millis));
      return response.statusCode() + " " + response.body();
    } catch (ExecutionException | TimeoutException e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void anOutageEndsAfterItsTime() throws Exception {
    String model = "sim-events=1,status=503,for=300ms";
    long first = System.nanoTime();
    assertThat(status(model, "a")).isEqualTo(503);
    while (status(model, "b") == 503) {
      Thread.sleep(10);
    }
    assertThat(System.nanoTime() - first).isBetween(290_000_000L, 5_000_000_000L);
  }

  private int status(String model, String prompt) throws Exception {
    return asker.ask(SimulatedProvider.GROQ, body(model, false, prompt)).statusCode();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          OPENAI    | context_length | openai-400-context
          ANTHROPIC | context_length | anthropic-400-prompt-too-long
          GLM       | content_policy | glm-400-1301-content
          GLM       | quota          | glm-429-1113-arrears
          """)
  void refusesInTheRecordedWords(SimulatedProvider provider, String word, String sample)
      throws Exception {
    HttpResponse<String> response = asker.ask(provider, body("sim-" + word, true, "x"));
    Sample recorded = Sample.named(sample);
    assertThat(response.statusCode()).isEqualTo(recorded.status());
    assertThat(response.body().replaceAll("req_[^\"]*", ""))
        .isEqualTo(recorded.body().replaceAll("req_[^\"]*", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ANTHROPIC | content_policy | 400 | "invalid_request_error","message":"Output blocked by content filtering policy"
          ANTHROPIC | quota          | 402 | "type":"billing_error"
          OPENAI    | content_policy | 400 | "type":"invalid_request_error","param":null,"code":"invalid_prompt"
          OPENAI    | quota          | 429 | "type":"insufficient_quota","param":null,"code":"insufficient_quota"
          GLM       | context_length | 400 | "code":"1261"
          GROQ      | context_length | 400 | "type":"invalid_request_error","param":"messages","code":"context_length_exceeded"
          GROQ      | quota          | 429 | tokens per day (TPD)
          GROK      | context_length | 400 | "code":"Client specified an invalid argument","error":"This model's maximum prompt length is
          GROK      | content_policy | 403 | "error":"Content violates usage guidelines.
          GROK      | quota          | 429 | used all available credits or reached its monthly spending limit
          """)
  void refusesInTheProvidersShape(
      SimulatedProvider provider, String word, int status, String contains) throws Exception {
    HttpResponse<String> response = asker.ask(provider, body("sim-" + word, true, "x"));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(contains);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void refusesOneKeyAndNotAnother(SimulatedProvider provider) throws Exception {
    String body = body("sim-badkey=first,limitkey=second,retry_after=7", false, "x");
    assertThat(withKey(provider, "the-first-key", body).statusCode())
        .isEqualTo(provider == SimulatedProvider.GROK ? 400 : 401);
    HttpResponse<String> limited = withKey(provider, "the-second-key", body);
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("retry-after")).hasValue("7");
    assertThat(withKey(provider, "the-third-key", body).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> withKey(SimulatedProvider provider, String key, String body)
      throws Exception {
    URI uri = URI.create(simulators.baseUrl(provider) + Asker.chatPath(provider));
    return asker.send(
        HttpRequest.newBuilder(uri)
            .header("authorization", "Bearer " + key)
            .header("anthropic-version", "2023-06-01")
            .POST(HttpRequest.BodyPublishers.ofString(Asker.fit(provider, body)))
            .build());
  }

  @Test
  void refusesAConversationThatEndsWithTheAssistant() throws Exception {
    String plain = body("sim-events=1,noprefill", false, "x");
    String prefilled = plain.replace("}],", "},{\"role\":\"assistant\",\"content\":\"Once\"}],");
    assertThat(asker.ask(SimulatedProvider.ANTHROPIC, plain).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = asker.ask(SimulatedProvider.ANTHROPIC, prefilled);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .contains(
            "\"invalid_request_error\",\"message\":\"This model does not support assistant message"
                + " prefill. The conversation must end with a user message.\"");
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void aMalformedRecordIsOneMoreAndTheOthersStay(SimulatedProvider provider) throws Exception {
    List<String> plain = Asker.data(asker.stream(provider, "sim-events=4,id=a"));
    List<String> marred = Asker.data(asker.stream(provider, "sim-events=4,malformed=2,id=a"));
    assertThat(marred).hasSize(plain.size() + 1);
    assertThat(marred.stream().filter(r -> r.startsWith("{") && !r.stripTrailing().endsWith("}")))
        .hasSize(1);
  }

  @Test
  void aWholeAnswerThatIsMalformedLacksItsEnd() throws Exception {
    String body = body("sim-events=4,malformed=2", false, "x");
    HttpResponse<String> response = asker.ask(SimulatedProvider.OPENAI, body);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).startsWith("{").doesNotEndWith("\"default\"}").isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ANTHROPIC,3", "OPENAI,3", "GLM,3", "GROQ,4", "GROK,3"})
  void baitTellsUsageSeveralTimesAndTheRightOneLast(SimulatedProvider provider, int times)
      throws Exception {
    String model = "sim-events=6,bait";
    String more = ",\"stream_options\":{\"include_usage\":true}";
    boolean anthropic =
        provider == SimulatedProvider.ANTHROPIC || provider == SimulatedProvider.GLM;
    String stream = asker.ask(provider, Asker.body(model, true, anthropic ? "" : more)).body();
    String field =
        provider == SimulatedProvider.ANTHROPIC ? "output_tokens\":" : "completion_tokens\":";
    assertThat(count(stream, '"' + field)).isEqualTo(times);
    assertThat(stream).contains(field + "0").contains(field + "1").contains(field + "6");
    assertThat(stream.lastIndexOf(field + "6")).isGreaterThan(stream.lastIndexOf(field + "1"));
    assertThat(simulators.books().model(provider, model).tokens().output()).isEqualTo(6);
  }

  @Test
  void baitInResponsesKeepsTheNumbersOfItsEvents() throws Exception {
    HttpRequest request =
        asker
            .request(SimulatedProvider.OPENAI, "/responses")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"sim-words,events=6,bait\",\"input\":\"x\",\"stream\":true}"))
            .build();
    List<String> records = Asker.data(asker.send(request).body());
    for (int i = 0; i < records.size(); i++) {
      assertThat(records.get(i)).contains("\"sequence_number\":" + i + ",");
    }
    assertThat(String.join("\n", records))
        .contains("\"output_tokens\":0,", "\"output_tokens\":1,", "\"output_tokens\":6,");
  }

  @Test
  void compressesUnasked() throws Exception {
    HttpResponse<byte[]> response;
    try (HttpClient client = HttpClient.newHttpClient()) {
      response =
          client.send(
              asker.chat(SimulatedProvider.OPENAI, body("sim-events=3,gzip", true, "x")),
              HttpResponse.BodyHandlers.ofByteArray());
    }
    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
    try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      String text = new String(in.readAllBytes(), UTF_8);
      assertThat(text)
          .isEqualTo(
              asker.stream(SimulatedProvider.OPENAI, "sim-events=3").replace("=3\"", "=3,gzip\""));
    }
  }

  @Test
  void aLineWithoutEndIsAsLongAsAskedFor() throws Exception {
    String stream = asker.stream(SimulatedProvider.OPENAI, "sim-endless=1MiB");
    assertThat(stream.length()).isBetween(1024 * 1024, 1024 * 1024 + 100);
    assertThat(stream).startsWith("data: ").doesNotContain("\n");
  }

  @Test
  void aHeadIsAsLongAsAskedFor() throws Exception {
    HttpHeaders headers =
        asker
            .ask(SimulatedProvider.OPENAI, body("sim-events=1,head_bytes=20KiB", false, "x"))
            .headers();
    int bytes =
        headers.map().entrySet().stream()
            .filter(field -> field.getKey().startsWith("x-filler-"))
            .mapToInt(field -> field.getValue().getFirst().length())
            .sum();
    assertThat(bytes).isEqualTo(20 * 1024);
  }

  @Test
  void theBooksTellTheAttemptsOfEachPrompt() throws Exception {
    for (int i = 0; i < 3; i++) {
      status("sim-status=500", "thrice");
    }
    status("sim-events=1", "once");
    assertThat(simulators.books().attempts("thrice"))
        .hasSize(3)
        .allMatch(attempt -> attempt.model().equals("sim-status=500"));
    assertThat(simulators.books().attempts("once")).hasSize(1);
    assertThat(simulators.books().attempts("never")).isEmpty();
    URI books = simulators.baseUrl(SimulatedProvider.GROQ).resolve("/books");
    String page = asker.send(HttpRequest.newBuilder(books).build()).body();
    assertThat(page).contains('"' + Prompt.hash("thrice") + "\":3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]} | a | true
          {"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]} | ab | false
          {"input":"a"} | a | false
          {"x":[1],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]}]} | a | false
          """)
  void readsThePromptOfAnyDialect(String body, String prompt, boolean prefill) throws Exception {
    byte[] bytes = body.getBytes(UTF_8);
    assertThat(Prompt.read(bytes, bytes.length))
        .isEqualTo(new Prompt(Prompt.hash(prompt), prefill));
  }
}
