package io.llmproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ResponsesIT {

  private static final Pattern NUMBER = Pattern.compile("\"sequence_number\":(\\d+)");
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\",\"parameters\":{\"name\":1}},"
          + "{\"type\":\"function\",\"name\":\"get_time\"}]";

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
  }

  private HttpResponse<String> post(SimulatedProvider provider, String path, String body)
      throws Exception {
    HttpRequest request =
        asker.request(provider, path).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return asker.send(request);
  }

  private String ask(SimulatedProvider provider, String model, boolean stream, String more)
      throws Exception {
    String body =
        "{\"model\":\"%s\",\"input\":\"hi\",\"stream\":%s%s}".formatted(model, stream, more);
    return post(provider, "/responses", body).body();
  }

  private static List<String> types(String stream) {
    return stream
        .lines()
        .filter(line -> line.startsWith("event: "))
        .map(line -> line.substring(7))
        .toList();
  }

  private static String recorded() {
    return Sample.named("openai-responses-stream").body();
  }

  @Test
  void streamsThinkingTextAndACallAsTheRecordedAnswer() throws Exception {
    String script = "sim-think=2,events=3,tools=1";
    String stream = ask(SimulatedProvider.OPENAI, script, true, TOOLS);
    assertThat(types(stream).stream().distinct())
        .isEqualTo(types(recorded()).stream().distinct().toList());
    assertThat(Skeleton.ofStream(stream)).isEqualTo(Skeleton.ofStream(recorded()));
  }

  @Test
  void saysTheRecordedWordsToAModelOfNoScript() throws Exception {
    String stream = ask(SimulatedProvider.OPENAI, "gpt-6.1-terra", true, "");
    String text = recorded().substring(0, recorded().indexOf("event: response.output_text.done"));
    String expected = text.replace("\"commentary\"", "\"final_answer\"");
    assertThat(unpadded(stream)).startsWith(unpadded(expected));
    assertThat(types(stream)).endsWith("response.output_item.done", "response.completed");
  }

  private static String unpadded(String stream) {
    return stream.replaceAll("\"obfuscation\":\"[^\"]*\"", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-events=4",
        "sim-events=2,think=3,tools=3",
        "sim-tools=2",
        "sim-tools=1,args=empty",
        "sim-refusal",
        "sim-json,think=1",
        "sim-events=0",
        "sim-events=0,think=1",
        "sim-events=1,tools=2"
      })
  void numbersItsEventsThrough(String script) throws Exception {
    String stream = ask(SimulatedProvider.OPENAI, script, true, TOOLS);
    Matcher numbers = NUMBER.matcher(stream);
    int expected = 0;
    while (numbers.find()) {
      assertThat(Integer.parseInt(numbers.group(1))).isEqualTo(expected++);
    }
    assertThat(expected).isEqualTo(types(stream).size()).isGreaterThan(2);
    assertThat(types(stream).stream().filter("response.output_item.added"::equals))
        .hasSameSizeAs(
            types(stream).stream()
                .filter(type -> type.endsWith("_part.added") || type.endsWith("arguments.done"))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim-events=30,error_event=12,think=1",
        "sim-tools=2,error_event=3",
        "sim-error_event=0"
      })
  void numbersAnErrorInTheMiddleAsTheNextEvent(String script) throws Exception {
    String stream = ask(SimulatedProvider.OPENAI, script, true, "");
    List<String> types = types(stream);
    assertThat(types).last().isEqualTo("error");
    assertThat(stream).contains("{\"type\":\"error\",\"sequence_number\":" + (types.size() - 1));
  }

  @ParameterizedTest
  @EnumSource(
      value = SimulatedProvider.class,
      names = {"OPENAI", "GROK"})
  void callsToolsInOrderAndTellsThemAgainAtTheEnd(SimulatedProvider provider) throws Exception {
    String stream = ask(provider, "sim-tools=2", true, TOOLS);
    String whole = ask(provider, "sim-tools=2", false, TOOLS);
    String output = output(whole);
    assertThat(output)
        .contains("\"call_id\":\"" + provider.shape().toolId(0) + "\",\"name\":\"get_weather\"")
        .contains("\"call_id\":\"" + provider.shape().toolId(1) + "\",\"name\":\"get_time\"")
        .contains("\"arguments\":\"{\\\"city\\\":\\\"Paris\\\",\\\"day\\\":1}\"");
    assertThat(output(stream.substring(stream.indexOf("event: response.completed"))))
        .isEqualTo(output);
  }

  private static String output(String response) {
    int from = response.indexOf("\"output\":[");
    return response.substring(from, response.indexOf(",\"parallel_tool_calls\""));
  }

  @Test
  void declinesInAPartOfItsOwn() throws Exception {
    String stream = ask(SimulatedProvider.OPENAI, "sim-refusal", true, "");
    assertThat(types(stream)).contains("response.refusal.delta", "response.refusal.done");
    assertThat(output(stream.substring(stream.indexOf("event: response.completed"))))
        .contains(
            "{\"type\":\"refusal\",\"refusal\":\"I am sorry, but I cannot help with that.\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "length,incomplete,'\"incomplete_details\":{\"reason\":\"max_output_tokens\"}'",
    "content_filter,incomplete,'\"incomplete_details\":{\"reason\":\"content_filter\"}'",
    "failed,failed,'\"error\":{\"code\":\"server_error\",'",
    "stop,completed,'\"incomplete_details\":null'"
  })
  void endsAsTheScriptSays(String finish, String status, String part) throws Exception {
    String script = "sim-events=2,finish=" + finish;
    String stream = ask(SimulatedProvider.OPENAI, script, true, "");
    assertThat(types(stream)).last().isEqualTo("response." + status);
    assertThat(stream.substring(stream.indexOf("event: response." + status))).contains(part);
    assertThat(ask(SimulatedProvider.OPENAI, script, false, ""))
        .contains("\"status\":\"" + status + "\",\"background\"")
        .contains(part);
  }

  @Test
  void countsReasoningWithinTheOutput() throws Exception {
    String whole = ask(SimulatedProvider.OPENAI, "sim-events=7,think=3,cached=2", false, "");
    assertThat(whole)
        .contains("\"output_tokens\":10,\"output_tokens_details\":{\"reasoning_tokens\":3}")
        .contains("\"cached_tokens\":2,");
    assertThat(ask(SimulatedProvider.GROK, "sim-events=7,think=3", false, ""))
        .contains("\"output_tokens\":10,\"output_tokens_details\":{\"reasoning_tokens\":3}")
        .doesNotContain("cache_write");
  }

  @Test
  void leavesOutThePaddingWhenAskedTo() throws Exception {
    String more = TOOLS + ",\"stream_options\":{\"include_obfuscation\":false}";
    assertThat(ask(SimulatedProvider.OPENAI, "sim-events=1,think=1,tools=1", true, more))
        .doesNotContain("obfuscation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          OPENAI | sim-status=429 | 429 | {"error":{"message":"Rate limit reached
          GROK   | sim-status=503 | 503 | {"code":"The service is currently unavailable","error":
          OPENAI | sim-sample=openai-responses-stream-failed | 200 | event: response.created
          """)
  void errsAsTheProviderDoes(SimulatedProvider provider, String model, int status, String start)
      throws Exception {
    String body = "{\"model\":\"" + model + "\",\"input\":\"hi\",\"stream\":true}";
    HttpResponse<String> response = post(provider, "/responses", body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith(start);
  }

  @Test
  void refusesABodyOfChatCompletions() throws Exception {
    HttpResponse<String> response =
        post(SimulatedProvider.OPENAI, "/responses", Asker.body("m", true, ""));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":{\"message\":\"Unknown parameter: 'messages'.\",\"type\":\"invalid_request_error\","
                + "\"param\":\"messages\",\"code\":\"unknown_parameter\"}}");
  }

  @ParameterizedTest
  @EnumSource(
      value = SimulatedProvider.class,
      names = {"GLM", "GROQ", "ANTHROPIC"})
  void isNotThereWhereItIsNotSimulated(SimulatedProvider provider) throws Exception {
    assertThat(post(provider, "/responses", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void embedsEachInputInNumbersOrBase64() throws Exception {
    String two = "{\"model\":\"e\",\"input\":[\"a\",\"b\"]%s}";
    String numbers =
        post(SimulatedProvider.OPENAI, "/embeddings", two.formatted(",\"dimensions\":2")).body();
    assertThat(numbers)
        .contains("\"index\":0,\"embedding\":[0.0023064255,-0.009327292]}")
        .contains("\"index\":1,")
        .contains("\"model\":\"e\"");
    String encoded =
        post(
                SimulatedProvider.OPENAI,
                "/embeddings",
                two.formatted(",\"encoding_format\":\"base64\""))
            .body();
    String vector = encoded.replaceFirst("(?s).*?\"embedding\":\"([^\"]+)\".*", "$1");
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(vector));
    assertThat(bytes.remaining()).isEqualTo(12);
    assertThat(bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat()).isEqualTo(0.0023064255f);
  }

  @Test
  void takesAnArrayOfTokensForOneInput() throws Exception {
    String body = "{\"model\":\"e\",\"input\":[1,2,3]}";
    assertThat(post(SimulatedProvider.OPENAI, "/embeddings", body).body())
        .contains("\"index\":0")
        .doesNotContain("\"index\":1");
  }
}
