package io.llmproxy.bench.simulator;

import static io.llmproxy.bench.simulator.Asker.body;
import static io.llmproxy.bench.simulator.Asker.count;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

@Timeout(30)
final class StructuredAnswersIT {

  private static final String USAGE = ",\"stream_options\":{\"include_usage\":true}";
  private static final String CHAT_TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":{\"name\":{}},\"name\":\"get_weather\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}]";
  private static final String MESSAGES_TOOLS =
      ",\"tools\":[{\"name\":\"get_weather\",\"input_schema\":{\"type\":\"object\"}},"
          + "{\"name\":\"get_time\",\"input_schema\":{\"type\":\"object\"}}]";

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

  private String ask(SimulatedProvider provider, String script, boolean stream, String more)
      throws Exception {
    String tools = provider == SimulatedProvider.ANTHROPIC ? MESSAGES_TOOLS : CHAT_TOOLS;
    return asker.ask(provider, body("sim-" + script, stream, tools + more)).body();
  }

  /// Calls of tools have the form of the recorded ones, record by record.
  @ParameterizedTest
  @CsvSource({
    "OPENAI,openai-chat-stream-tools,'tools=2',true",
    "GROQ,groq-chat-stream-tools,'tools=2',false",
    "GLM,glm-chat-stream-tools,'tools=1,think=1',false"
  })
  void streamsCallsAsTheRecordedOnes(
      SimulatedProvider provider, String sample, String script, boolean usage) throws Exception {
    String stream = ask(provider, script, true, usage ? USAGE : "");
    String unseeded = stream.replaceFirst(",\"seed\":\\d+", ""); // Groq's, which not all have
    assertThat(Skeleton.ofStream(unseeded))
        .containsAll(Skeleton.ofStream(Sample.named(sample).body()));
  }

  @Test
  void streamsThinkingTextAndACallAsAnthropicDoes() throws Exception {
    String stream =
        ask(SimulatedProvider.ANTHROPIC, "think=2,events=3,tools=1,cached=3,written=2", true, "");
    String recorded = Sample.named("anthropic-messages-stream").body();
    assertThat(Skeleton.ofStream(stream)).isEqualTo(Skeleton.ofStream(recorded));
  }

  @Test
  void glmSendsArgumentsInPartsOnlyWhenAskedTo() throws Exception {
    String whole = ask(SimulatedProvider.GLM, "tools=1", true, "");
    String parts = ask(SimulatedProvider.GLM, "tools=1", true, ",\"tool_stream\":true");
    assertThat(whole).contains("\"arguments\":\"{\\\"city\\\":\\\"Paris\\\"}\"");
    assertThat(count(whole, "\"finish_reason\":\"tool_calls\"")).isEqualTo(2);
    assertThat(Skeleton.ofStream(parts))
        .isEqualTo(Skeleton.ofStream(Sample.named("glm-chat-stream-tool_stream").body()));
    assertThat(joined(parts, "\"arguments\":\"")).isEqualTo("{\"city\":\"Paris\"}");
  }

  @Test
  void openAiInterleavesItsCalls() throws Exception {
    String stream = ask(SimulatedProvider.OPENAI, "tools=2", true, "");
    List<String> indexes =
        Asker.data(stream).stream()
            .filter(data -> data.contains("\"tool_calls\":["))
            .map(data -> data.replaceFirst(".*\"tool_calls\":\\[\\{\"index\":(\\d).*", "$1"))
            .toList();
    assertThat(indexes).containsExactly("0", "1", "0", "1", "0", "1", "0", "1", "1");
    assertThat(stream)
        .contains("\"name\":\"get_weather\",\"arguments\":\"\"")
        .contains("\"name\":\"get_time\",\"arguments\":\"\"")
        .contains("\"content\":null")
        .contains("\"finish_reason\":\"tool_calls\"");
    String first = only(stream, "\"index\":0,\"function\"");
    String second = only(stream, "\"index\":1,\"function\"");
    assertThat(joined(first, "\"arguments\":\"")).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(joined(second, "\"arguments\":\"")).isEqualTo("{\"city\":\"Paris\",\"day\":1}");
  }

  private static String only(String stream, String part) {
    return String.join("\n", stream.lines().filter(line -> line.contains(part)).toList());
  }

  /// What the strings behind `mark` make together.
  private static String joined(String stream, String mark) {
    Matcher found = Pattern.compile(Pattern.quote(mark) + "((\\\\.|[^\"\\\\])*)\"").matcher(stream);
    StringBuilder all = new StringBuilder();
    while (found.find()) {
      all.append(found.group(1).replace("\\\"", "\""));
    }
    return all.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ANTHROPIC | "content":[{"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN0000","name":"get_weather","input":{"city":"Paris"},"caller":{"type":"direct"}},{"type":"tool_use",
          ANTHROPIC | "stop_reason":"tool_use"
          OPENAI    | "content":null,"refusal":null,"annotations":[],"tool_calls":[{"id":"call_8Kq1mZ2vT0pLr5y0000","type":"function","function":{"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}},{
          OPENAI    | "finish_reason":"tool_calls"
          GLM       | "tool_calls":[{"id":"call_20261122194501f3a9c07be2d54e68_0","index":0,"type":"function","function":{"name":"get_weather",
          GROQ      | "message":{"role":"assistant","tool_calls":[{"id":"fc_0bd9b0a8-1","type":"function","function":{"name":"get_weather",
          GROK      | "message":{"role":"assistant","content":"","tool_calls":[{"id":"call_05dbf8dd","type":"function","function":{"name":"get_weather",
          """)
  void callsToolsInAWholeAnswer(SimulatedProvider provider, String part) throws Exception {
    String answer = ask(provider, "tools=2", false, "");
    assertThat(answer).contains(part).contains("\"name\":\"get_time\"");
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void takesNamesAgainFromTheFirstAndHasOneOfItsOwn(SimulatedProvider provider) throws Exception {
    assertThat(count(ask(provider, "tools=3", true, ""), "\"name\":\"get_weather\"")).isEqualTo(2);
    assertThat(asker.stream(provider, "sim-tools=1")).contains("\"name\":\"get_weather\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ANTHROPIC|\"input\":{}",
        "OPENAI|\"arguments\":\"\"",
        "GLM|\"arguments\":\"\"",
        "GROQ|\"arguments\":\"\"",
        "GROK|\"arguments\":\"\""
      })
  void callsWithoutArguments(SimulatedProvider provider, String part) throws Exception {
    assertThat(ask(provider, "tools=1,args=empty", false, "")).contains(part);
    String stream = ask(provider, "tools=1,args=empty", true, "");
    assertThat(stream).contains(part).doesNotContain("Paris");
  }

  @Test
  void anthropicEndsEachBlockBeforeTheNext() throws Exception {
    String stream = ask(SimulatedProvider.ANTHROPIC, "events=1,tools=2", true, "");
    String order =
        stream
            .replaceAll(
                "(?s)event: content_block_(start|stop)\ndata: [^\n]*\"index\":(\\d)", "<$1$2>")
            .replaceAll("(?s)[^<>]*<([^>]*)>[^<]*", "$1 ");
    assertThat(order.strip()).isEqualTo("start0 stop0 start1 stop1 start2 stop2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ANTHROPIC | "stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal"
          OPENAI    | "finish_reason":"stop"
          GLM       | "finish_reason":"sensitive"
          GROQ      | "finish_reason":"stop"
          GROK      | "finish_reason":"stop"
          """)
  void declinesAsTheProviderDoes(SimulatedProvider provider, String part) throws Exception {
    assertThat(asker.stream(provider, "sim-refusal")).contains(part);
    String whole = asker.ask(provider, body("sim-refusal", false, "")).body();
    assertThat(whole).contains(part);
    String thought = asker.stream(provider, "sim-refusal,think=2");
    assertThat(thought).contains(part);
  }

  @Test
  void openAiDeclinesInAFieldOfItsOwn() throws Exception {
    String stream = asker.stream(SimulatedProvider.OPENAI, "sim-refusal");
    assertThat(joined(stream, "\"delta\":{\"refusal\":\""))
        .isEqualTo("I am sorry, but I cannot help with that.");
    String whole = asker.ask(SimulatedProvider.OPENAI, body("sim-refusal", false, "")).body();
    assertThat(whole)
        .contains("\"content\":null,\"refusal\":\"I am sorry, but I cannot help with that.\"");
  }

  @Test
  void anthropicClosesItsThinkingBeforeItDeclines() throws Exception {
    String stream = asker.stream(SimulatedProvider.ANTHROPIC, "sim-refusal,think=1");
    assertThat(count(stream, "event: content_block_start")).isEqualTo(1);
    assertThat(count(stream, "event: content_block_stop")).isEqualTo(1);
    assertThat(count(stream, "signature_delta")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC,'\"text\":\"'",
    "OPENAI,'\"content\":\"'",
    "GLM,'\"content\":\"'",
    "GROQ,'\"content\":\"'",
    "GROK,'\"content\":\"'"
  })
  void answersInJson(SimulatedProvider provider, String mark) throws Exception {
    String object = "{\"city\":\"Paris\",\"sunny\":true,\"hours\":[9,12.5],\"note\":null}";
    assertThat(joined(asker.stream(provider, "sim-json"), mark)).isEqualTo(object);
    assertThat(joined(asker.ask(provider, body("sim-json", false, "")).body(), mark))
        .isEqualTo(object);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void tellsTheSameTokensStreamedOrWhole(SimulatedProvider provider) throws Exception {
    for (String script : List.of("tools=3", "json", "refusal", "events=4,tools=1,think=2")) {
      ModelBook book = simulators.books().model(provider, "sim-" + script);
      ask(provider, script, true, "");
      long streamed = book.tokens().output();
      ask(provider, script, false, "");
      assertThat(book.tokens().output()).as(script).isEqualTo(2 * streamed);
      assertThat(book.completed()).isEqualTo(2);
    }
  }

  @Test
  void breaksOffWithinTheArguments() throws Exception {
    String stream = asker.broken(SimulatedProvider.OPENAI, "sim-tools=1,cut=2,rate=100");
    assertThat(joined(stream, "\"arguments\":\"")).isEqualTo("{\"city\"");
    assertThat(stream).endsWith("<broken>");
  }

  @Test
  void sendsAnotherReasonToFinishIfTheScriptSaysSo() throws Exception {
    assertThat(ask(SimulatedProvider.OPENAI, "tools=1,finish=stop", true, ""))
        .contains("\"finish_reason\":\"stop\"")
        .doesNotContain("\"finish_reason\":\"tool_calls\"");
  }
}
