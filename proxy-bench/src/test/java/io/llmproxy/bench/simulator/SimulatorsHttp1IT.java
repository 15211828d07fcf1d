package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Asker.body;
import static io.llmproxy.bench.simulator.Asker.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
final class SimulatorsHttp1IT {

  private static final String USAGE = ",\"stream_options\":{\"include_usage\":true}";

  private Simulators simulators;
  private Asker asker;

  @BeforeEach
  void start() throws IOException {
    simulators = Simulators.start();
    asker = new Asker(simulators);
  }

  @AfterEach
  void stop() {
    asker.close();
    simulators.close();
    assertThat(simulators.books().openStreams()).isZero();
    assertThat(simulators.books().openConnections()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANTHROPIC|401|{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":",
        "OPENAI|401|{\"error\":{\"message\":\"Incorrect API key",
        "GLM|401|{\"error\":{\"code\":\"1002\",",
        "GROQ|401|{\"error\":{\"message\":\"Invalid API Key\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}",
        "GROK|401|{\"code\":\"Unauthenticated\",\"error\":\""
      })
  void refusesAnEmptyKeyInItsOwnWords(SimulatedProvider provider, int status, String start)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                java.net.URI.create(simulators.baseUrl(provider) + Asker.chatPath(provider)))
            .header("authorization", "Bearer ")
            .POST(HttpRequest.BodyPublishers.ofString(body("m", true, "")))
            .build();
    HttpResponse<String> response = asker.send(request);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith(start);
  }

  @Test
  void refusesAWrongKeyAsGrokDoesWith400() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                java.net.URI.create(
                    simulators.baseUrl(SimulatedProvider.GROK) + "/chat/completions"))
            .header("authorization", "Bearer invalid")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(asker.send(request).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"'',400", "'[]',400", "'{\"model\":',400", "'{\"stream\":true}',400"})
  void refusesABodyItCannotRead(String body, int status) throws Exception {
    assertThat(asker.ask(SimulatedProvider.OPENAI, body).statusCode()).isEqualTo(status);
  }

  @Test
  void namesTheWordOfAScriptItDoesNotKnow() throws Exception {
    HttpResponse<String> response =
        asker.ask(SimulatedProvider.GROQ, body("sim-evnets=3", true, ""));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("unknown key evnets");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI,openai-chat-stream",
    "OPENAI,openai-chat-stream-tools",
    "GROQ,groq-chat-stream",
    "GLM,glm-chat-stream-tools",
    "GROK,xai-chat-stream",
    "ANTHROPIC,anthropic-messages-stream",
    "ANTHROPIC,anthropic-messages-stream-unknown-events",
    "OPENAI,sse-torture"
  })
  void playsARecordedStreamByteForByte(SimulatedProvider provider, String sample) throws Exception {
    assertThat(asker.stream(provider, "sim-sample=" + sample))
        .isEqualTo(Sample.text(sample + ".txt"));
  }

  @Test
  void playsARecordedErrorWithItsHead() throws Exception {
    HttpResponse<String> response =
        asker.ask(SimulatedProvider.OPENAI, body("sim-sample=openai-429-rate", true, ""));
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after-ms")).contains("120");
    assertThat(response.body()).isEqualTo(Sample.named("openai-429-rate").body());
  }

  /// A plain answer differs from the recorded one in what depends on the request alone.
  @ParameterizedTest
  @CsvSource({
    "OPENAI,openai-chat-stream,gpt-6.1-terra",
    "GROQ,groq-chat-stream,openai/gpt-oss-120b",
    "GLM,glm-chat-stream,glm-5.3",
    "GROK,xai-chat-stream,grok-4.7"
  })
  void streamsAsTheRecordedAnswerDoes(SimulatedProvider provider, String sample, String model)
      throws Exception {
    String more = provider == SimulatedProvider.GROQ ? "" : USAGE;
    String stream = asker.ask(provider, body(model, true, more)).body();
    String recorded = Sample.named(sample).body();
    assertThat(without(stream)).isEqualTo(without(recorded));
  }

  private static String without(String stream) {
    return stream
        .replaceAll("\"obfuscation\":\"[^\"]*\"", "")
        .replaceAll("(_(?:tokens|ticks)\":)\\d+", "$1n");
  }

  @Test
  void streamsThinkingAndTextAsAnthropicDoes() throws Exception {
    String stream = asker.stream(SimulatedProvider.ANTHROPIC, "claude-sonnet-5-5");
    String recorded = Sample.named("anthropic-messages-stream").body();
    int tool =
        recorded.indexOf(
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":2");
    assertThat(without(stream)).startsWith(without(recorded.substring(0, tool)));
    assertThat(stream)
        .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"           }\n\n");
  }

  @ParameterizedTest
  @CsvSource({"OPENAI,0,1", "GROQ,0,1", "GROK,0,1", "GLM,0,0"})
  void sendsAUsageChunkOnlyWhenAsked(SimulatedProvider provider, int unasked, int asked)
      throws Exception {
    String silent = asker.ask(provider, body("sim-events=2", true, "")).body();
    String told = asker.ask(provider, body("sim-events=2", true, USAGE)).body();
    assertThat(count(silent, "\"choices\":[],\"usage\"")).isEqualTo(unasked);
    assertThat(count(told, "\"choices\":[],\"usage\"")).isEqualTo(asked);
  }

  @ParameterizedTest
  @CsvSource({"OPENAI,0,4", "GROK,0,0", "GLM,0,0"})
  void sendsNullUsageInEarlierChunksOnlyWhereTheRealOneDoes(
      SimulatedProvider provider, int unasked, int asked) throws Exception {
    String silent = asker.ask(provider, body("sim-events=2", true, "")).body();
    String told = asker.ask(provider, body("sim-events=2", true, USAGE)).body();
    assertThat(count(silent, "\"usage\":null")).isEqualTo(unasked);
    assertThat(count(told, "\"usage\":null")).isEqualTo(asked);
  }

  @Test
  void leavesOutThePaddingWhenAskedTo() throws Exception {
    String more = ",\"stream_options\":{\"include_obfuscation\":false}";
    String stream = asker.ask(SimulatedProvider.OPENAI, body("gpt", true, more)).body();
    assertThat(stream).doesNotContain("obfuscation");
  }

  @Test
  void groqAndGlmTellUsageUnaskedOnTheFinishChunk() throws Exception {
    String groq = asker.stream(SimulatedProvider.GROQ, "sim-events=2");
    String glm = asker.stream(SimulatedProvider.GLM, "sim-events=2");
    assertThat(groq).containsPattern("finish_reason\":\"stop\".*\"x_groq\":\\{.*\"usage\":\\{");
    assertThat(glm).containsPattern("finish_reason\":\"stop\".*\"usage\":\\{\"prompt_tokens\":");
  }

  @Test
  void usageFollowsFromBodyAndScriptAndIsBooked() throws Exception {
    String model = "sim-events=7,think=3,cached=5";
    String body = body(model, true, ",\"max_tokens\":64");
    String stream = asker.ask(SimulatedProvider.ANTHROPIC, body).body();
    long input = body.length() / 4;
    assertThat(stream)
        .contains("\"usage\":{\"input_tokens\":" + (input - 5) + ",")
        .contains("\"cache_read_input_tokens\":5,\"output_tokens\":10,");
    ModelBook book = simulators.books().model(SimulatedProvider.ANTHROPIC, model);
    assertThat(book.tokens()).isEqualTo(new Tokens(input, 5, 0, 7, 3));
    assertThat(book.completed()).isEqualTo(1);
  }

  @Test
  void grokCountsReasoningBesideTheCompletion() throws Exception {
    String body = body("sim-events=7,think=3", false, "");
    String answer = asker.ask(SimulatedProvider.GROK, body).body();
    long input = body.length() / 4;
    assertThat(answer)
        .contains("\"completion_tokens\":7,\"total_tokens\":" + (input + 10) + ",")
        .contains("\"reasoning_tokens\":3");
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void answersWholeWithTheSameTextAsItStreams(SimulatedProvider provider) throws Exception {
    String whole = asker.ask(provider, body("sim-events=3,bytes=8", false, "")).body();
    assertThat(whole).contains("\"the answthe answthe answ\"");
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void sendsAsManyEventsAsAskedFor(SimulatedProvider provider) throws Exception {
    String stream = asker.stream(provider, "sim-events=5000,bytes=11");
    assertThat(count(stream, "\"the answer \"")).isEqualTo(5000);
    assertThat(simulators.books().bytesOut())
        .isEqualTo(stream.getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void echoesWhatArrived() throws Exception {
    String body = body("echo", false, "");
    String answer = asker.ask(SimulatedProvider.OPENAI, body).body();
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer)
        .contains("sha256 " + HexFormat.of().formatHex(digest) + "\\nbytes " + body.length())
        .contains("\\npath /v1/chat/completions")
        .contains("\\nheader authorization: Bearer k");
  }

  @Test
  void readsABodyOfManyParts() throws Exception {
    String body = body("echo", false, ",\"user\":\"" + "x".repeat(3_000_000) + "\"");
    assertThat(asker.ask(SimulatedProvider.OPENAI, body).body()).contains("bytes " + body.length());
  }

  @ParameterizedTest
  @CsvSource({"cut=2,<broken>", "drop=2,<broken>", "close=2,<broken>", "end=2,<clean end>"})
  void breaksOffAfterSoManyEvents(String fault, String ending) throws Exception {
    String stream =
        asker.broken(SimulatedProvider.OPENAI, "sim-events=5,rate=100,bytes=11," + fault);
    assertThat(count(stream, "\"the answer \"")).isEqualTo(2);
    assertThat(stream).endsWith(ending).doesNotContain("[DONE]");
  }

  @Test
  void breaksOffAfterSoManyBytes() throws Exception {
    String stream = asker.broken(SimulatedProvider.GLM, "sim-cut=137b");
    assertThat(stream).hasSize(137 + "<broken>".length()).endsWith("<broken>");
  }

  @Test
  void resetsBeforeTheHead() {
    assertThatThrownBy(() -> asker.stream(SimulatedProvider.GROQ, "sim-reset=head"))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI,data: {\"error\":{",
    "ANTHROPIC,event: error",
    "GROK,data: {\"code\":\"The service is currently unavailable\""
  })
  void tellsOfAnErrorInTheMiddle(SimulatedProvider provider, String record) throws Exception {
    String stream = asker.stream(provider, "sim-events=5,error_event=2,bytes=11");
    assertThat(count(stream, "\"the answer \"")).isEqualTo(2);
    assertThat(stream).contains(record).doesNotContain("[DONE]").doesNotContain("message_stop");
  }

  @Test
  void answersWithAStatusAndWhenToComeBack() throws Exception {
    HttpResponse<String> response =
        asker.ask(SimulatedProvider.ANTHROPIC, body("sim-status=529,retry_after=2", true, ""));
    assertThat(response.statusCode()).isEqualTo(529);
    assertThat(response.headers().firstValue("retry-after")).contains("2");
    String id = response.headers().firstValue("request-id").orElseThrow();
    assertThat(response.body()).contains("overloaded_error").contains(id);
  }

  @Test
  void answersWithAPageAsAnEdgeDoes() throws Exception {
    HttpResponse<String> response = asker.ask(SimulatedProvider.OPENAI, body("sim-html", true, ""));
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("content-type")).contains("text/html; charset=UTF-8");
  }

  @Test
  void dribblesTheSameBytes() throws Exception {
    String whole = asker.stream(SimulatedProvider.ANTHROPIC, "sim-events=2");
    String dribbled = asker.stream(SimulatedProvider.ANTHROPIC, "sim-events=2,dribble");
    assertThat(without(dribbled))
        .isEqualTo(without(whole.replace("sim-events=2", "sim-events=2,dribble")));
  }

  @Test
  void pacesEventsByTheirRate() throws Exception {
    long before = System.nanoTime();
    String stream = asker.stream(SimulatedProvider.OPENAI, "sim-events=11,rate=50,ttft=60ms,stamp");
    long tookMillis = (System.nanoTime() - before) / 1_000_000;
    List<String> stamps = Asker.data(stream).stream().filter(data -> data.contains("t=0")).toList();
    assertThat(stamps).hasSize(11);
    long firstDue = due(stamps.getFirst());
    assertThat(due(stamps.getLast()) - firstDue).isEqualTo(200_000_000L);
    assertThat(tookMillis).isGreaterThanOrEqualTo(260);
    assertThat(stamps).allSatisfy(data -> assertThat(sent(data)).isGreaterThanOrEqualTo(due(data)));
  }

  private static long sent(String data) {
    int at = data.indexOf("t=0") + 2;
    return Long.parseLong(data.substring(at, at + 20));
  }

  private static long due(String data) {
    int at = data.indexOf(" d=0") + 3;
    return Long.parseLong(data.substring(at, at + 20));
  }

  @Test
  void countsAClientThatGoesAway() throws Exception {
    InputStream in =
        asker.open(SimulatedProvider.OPENAI, body("sim-events=9,stall=3", true, "")).body();
    in.read();
    long closed = System.nanoTime();
    in.close();
    Cancellation seen = cancellation();
    assertThat(seen.provider()).isEqualTo(SimulatedProvider.OPENAI);
    assertThat(seen.events()).isEqualTo(3);
    assertThat(seen.nanoTime() - closed).isLessThan(1_000_000_000L);
  }

  private Cancellation cancellation() throws InterruptedException {
    for (int i = 0; simulators.books().cancelled() == 0 && i < 500; i++) {
      Thread.sleep(10);
    }
    return simulators.books().cancellations().getLast();
  }

  @Test
  void listsItsModelsInItsOwnShape() throws Exception {
    HttpRequest anthropic = asker.request(SimulatedProvider.ANTHROPIC, "/v1/models").GET().build();
    HttpRequest grok = asker.request(SimulatedProvider.GROK, "/models").GET().build();
    assertThat(asker.send(anthropic).body()).contains("\"has_more\":false");
    assertThat(asker.send(grok).body()).startsWith("{\"object\":\"list\"");
  }
}
