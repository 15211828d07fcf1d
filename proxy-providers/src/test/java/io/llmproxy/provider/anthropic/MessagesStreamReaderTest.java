package io.llmproxy.provider.anthropic;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesStreamReaderTest {
  private static final String STOP = event("message_stop", "");
  private static final Pattern EVENT_LINE = Pattern.compile("event: .*\n");

  @Test
  void countsNothingBehindTheEnd() {
    String text = event("content_block_delta", ",\"index\":0,\"delta\":{\"text\":\"some words\"}");

    Replay whole = Replay.of(MessagesStreamReader::new, utf8(text + STOP));
    Replay more = Replay.of(MessagesStreamReader::new, utf8(text + STOP + text + text));

    assertThat(more.usage()).isEqualTo(whole.usage());
  }

  @EdgeCase(13)
  @Test
  void takesTheLastNumberOfEachCountAndLetsNullEraseNone() {
    String stream =
        start("{\"input_tokens\":3,\"cache_creation_input_tokens\":9,\"output_tokens\":1}")
            + delta("{\"output_tokens\":10,\"input_tokens\":null}")
            + delta(
                "{\"output_tokens\":25,\"input_tokens\":4,\"cache_read_input_tokens\":null,"
                    + "\"output_tokens_details\":{\"thinking_tokens\":5}}")
            + delta("{\"output_tokens\":null,\"output_tokens_details\":null}")
            + STOP;

    assertSameAtEveryCut(
        new Replay(
            stream,
            new Usage(4, 0, 9, 0, 0, 0, 0, 20, 5, 0, 0),
            UsageSource.REPORTED,
            true,
            false,
            false),
        MessagesStreamReader::new,
        utf8(stream));
  }

  @EdgeCase(11)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "cache_creation_input_tokens":12304,"cache_read_input_tokens":0    | 0 12304 0
          "cache_creation_input_tokens":12304,"cache_read_input_tokens":2455 | 2455 12304 0
          "cache_creation_input_tokens":9,"cache_creation":null              | 0 9 0
          "cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":7} | 0 2 7
          "cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":7} | 0 2 7
          "cache_creation_input_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":7} | 0 0 5
          """)
  void countsCacheTokensOnceByTheirLife(String said, String counts) {
    String stream = start("{\"input_tokens\":3," + said + "}") + delta("{\"output_tokens\":1}");

    Usage usage = replay(stream).usage();

    assertThat(
            "%d %d %d".formatted(usage.cachedInput(), usage.cacheWrite5m(), usage.cacheWrite1h()))
        .isEqualTo(counts);
    assertThat(usage.input()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void namesEventsThatHaveNoName(String lineEnd) {
    String whole = start("{\"input_tokens\":3}") + event("ping", "") + block("{}") + whole();
    String stream = EVENT_LINE.matcher(whole).replaceAll("").replace("\n", lineEnd);
    String named =
        whole
            .replaceAll("event: (.*)\n(data: .*)\n\n", "$2\n\r$1\n\n")
            .replace("\n", lineEnd)
            .replaceAll("\r(\\w+)" + lineEnd, "event: $1\n");

    assertSameAtEveryCut(
        new Replay(named, replay(whole).usage(), UsageSource.REPORTED, true, true, false),
        MessagesStreamReader::new,
        utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\\nb", "A", "\\u0061"})
  void namesNoEventByWhatIsNoWord(String type) {
    String record = "data: {\"type\":\"%s\"}\n\n".formatted(type);

    assertThat(replay(record + STOP).output()).isEqualTo(record + STOP);
  }

  @Test
  void namesNoEventThatTheStreamEndsIn() {
    String stream = "data: {\"type\":\"ping\"}\n";

    assertThat(replay(stream).output()).isEqualTo(stream);
  }

  @Test
  void needsNoTypeWhereThereIsAnEventLine() {
    Replay replay = replay("event: error\ndata: {\"error\":{\"message\":\"no\"}}\n\n" + STOP);

    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(44)
  @Test
  void ignoresEventsItDoesNotKnow() {
    String unknown =
        event(
            "future", ",\"usage\":{\"output_tokens\":99},\"error\":{},\"delta\":{\"text\":\"x\"}");
    String stream = unknown + event("ping", "").repeat(1000) + whole() + unknown;

    Replay replay = replay(stream);

    assertThat(replay.usage()).isEqualTo(replay(whole()).usage());
    assertThat(replay.complete()).isTrue();
    assertThat(replay.error()).isFalse();
  }

  @Test
  void fillsUpWhatACutStreamDidNotTell() {
    String text = block("{\"type\":\"text_delta\",\"text\":\"12345678\"}");

    Replay none = replay(text.repeat(3));
    assertThat(none.usage()).isEqualTo(Usage.NONE.plusOutput(6));
    assertThat(none.source()).isEqualTo(UsageSource.ESTIMATED);

    String start = start("{\"input_tokens\":3,\"output_tokens\":2}");
    Replay started = replay(start + text.repeat(3));
    assertThat(started.usage()).isEqualTo(new Usage(3, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0));
    assertThat(started.source()).isEqualTo(UsageSource.PARTIAL);
    // The placeholder stands until more than it was seen.
    assertThat(replay(start).usage()).isEqualTo(new Usage(3, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0));

    Replay resumed = replay(start + text + delta("{\"output_tokens\":40}") + text);
    assertThat(resumed.usage()).isEqualTo(new Usage(3, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0));
    assertThat(resumed.source()).isEqualTo(UsageSource.PARTIAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"text_delta\",\"text\":\"a\"}",
        "{\"type\":\"thinking_delta\",\"thinking\":\"a\"}",
        "{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}",
        "{\"type\":\"signature_delta\",\"signature\":\"a\"}",
        "{\"type\":\"citations_delta\",\"citation\":{}}",
        "{\"type\":\"future_delta\",\"x\":\"a\"}",
      })
  void seesContentInADelta(String delta) {
    assertThat(replay(block(delta)).content()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"text_delta\",\"text\":\"\"}",
        "{\"type\":\"thinking_delta\",\"thinking\":\"\",\"estimated_tokens\":4}",
        "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}",
        "{}",
        "null",
      })
  void seesThatADeltaHasNoContent(String delta) {
    assertThat(replay(block(delta)).content()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"text","text":""}                           | false
          {"type":"thinking","thinking":"","signature":""}    | false
          {"type":"text","text":"a"}                          | true
          {"type":"tool_use","id":"t","name":"f","input":{}}  | true
          {"type":"redacted_thinking","data":"x"}             | true
          {"type":"web_search_tool_result","content":[]}      | true
          {"type":"future_block"}                             | true
          """)
  void tellsABlockThatBringsContentFromOneThatOnlyBegins(String block, boolean content) {
    String stream = event("content_block_start", ",\"index\":0,\"content_block\":" + block);

    assertThat(replay(stream).content()).isEqualTo(content);
  }

  @Test
  void seesContentThatTheMessageStartsWith() {
    String prefilled =
        event("message_start", ",\"message\":{\"content\":[{\"type\":\"tool_use\"}]}");

    assertThat(replay(prefilled).content()).isTrue();
  }

  @Test
  void followsDeltasThatRepeatButForTextAndPadding() {
    StringBuilder stream = new StringBuilder(start("{\"input_tokens\":1}"));
    for (String text : new String[] {"a", "", "\\\\", "}  }", "\\\"", "日本", "\",\"x\":\"1"}) {
      for (String spaces : new String[] {"", " ", "      "}) {
        stream
            .append(
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":")
            .append("{\"type\":\"text_delta\",\"text\":\"")
            .append(text)
            .append("\"}")
            .append(spaces)
            .append("}\n\n");
      }
    }
    stream.append(delta("{\"output_tokens\":9}")).append(STOP);
    byte[] body = utf8(stream.toString());

    assertSameAtEveryCut(
        Replay.of(MessagesStreamReader::new, body), MessagesStreamReader::new, body);
  }

  private static String whole() {
    return start("{\"input_tokens\":3}")
        + block("{\"type\":\"text_delta\",\"text\":\"hi\"}")
        + delta("{\"output_tokens\":7}")
        + STOP;
  }

  private static String start(String usage) {
    return event("message_start", ",\"message\":{\"content\":[],\"usage\":" + usage + "}");
  }

  private static String block(String delta) {
    return event("content_block_delta", ",\"index\":0,\"delta\":" + delta);
  }

  private static String delta(String usage) {
    return event("message_delta", ",\"delta\":{},\"usage\":" + usage);
  }

  private static String event(String type, String members) {
    return "event: %s\ndata: {\"type\":\"%s\"%s}\n\n".formatted(type, type, members);
  }

  private static Replay replay(String stream) {
    return Replay.of(MessagesStreamReader::new, utf8(stream));
  }
}
