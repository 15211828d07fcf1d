package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesToChatStreamTest extends TranslatorContract {
  private static final String PAIR = "chat-messages";
  private static final long CREATED = 1_795_376_950;
  private static final String START =
      event(
          "message_start",
          "\"message\":{\"id\":\"msg_1\",\"content\":[],\"usage\":{\"input_tokens\":9,"
              + "\"output_tokens\":1}}");
  private static final String STOP = event("message_stop", "\"x\":0");

  @Override
  ReplyReader reader() {
    return new MessagesToChatStream("claude-sonnet-5-5", CREATED, true);
  }

  @Override
  byte[] stream() {
    return Golden.of(PAIR, "stream-thinking-text-tool").in();
  }

  @Override
  Usage usage() {
    return new Usage(25, 1536, 384, 0, 0, 0, 0, 58, 31, 0, 0);
  }

  @Override
  List<String> meaningless() {
    return List.of(
        ": a comment\n\n",
        "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        event("future_event", "\"index\":0,\"delta\":{\"text\":\"no\"}"),
        event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"future\",\"x\":\"no\"}"),
        event("content_block_start", "\"index\":70,\"content_block\":{\"type\":\"future\"}"),
        event(
            "content_block_delta",
            "\"index\":71,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"no\"}"),
        "data: 17\n\n",
        "data: [DONE]\n\n");
  }

  @Override
  String end() {
    return "data: [DONE]\n\n";
  }

  @Override
  String usageText() {
    return "\"usage\":{";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stream-thinking-text-tool",
        "stream-unknown-events",
        "stream-empty",
        "stream-overloaded"
      })
  void translatesTheGoldenStreams(String name) {
    Golden golden = Golden.of(PAIR, name);

    assertThat(Replay.of(this::reader, golden.in()).output()).isEqualTo(shown(golden.out()));
  }

  @EdgeCase(1)
  @Test
  void countsOnlyToolCallsFromZero() {
    String output =
        output(START + tool(1, "t1") + end(1) + tool(4, "t2") + end(4) + stop("tool_use"));

    assertThat(output)
        .contains("\"tool_calls\":[{\"index\":0,\"id\":\"t1\"")
        .contains("\"tool_calls\":[{\"index\":1,\"id\":\"t2\"");
  }

  @EdgeCase(4)
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void emptyArgumentsBecomeAnObject(boolean emptyDelta) {
    String output =
        output(START + tool(0, "t") + (emptyDelta ? json(0, "") : "") + end(0) + stop("tool_use"));

    assertThat(arguments(output)).containsExactly("{}");
  }

  @Test
  void tellsTheInputThatACallBeganWithUnlessItIsToldInPieces() {
    String begun = tool(0, "t").replace("\"input\":{}", "\"input\":{\"a\":\"\\\"\"}");

    assertThat(arguments(output(START + begun + end(0) + stop("tool_use"))))
        .containsExactly("{\\\"a\\\":\\\"\\\\\\\"\\\"}");
    assertThat(arguments(output(START + begun + json(0, "{}") + end(0) + stop("tool_use"))))
        .containsExactly("{}");
  }

  @Test
  void tellsCallsThatTheMessageIsFilledWithFromTheStart() {
    String start =
        START.replace(
            "\"content\":[]",
            "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}]");

    assertThat(arguments(output(start + stop("tool_use")))).containsExactly("{\\\"a\\\":1}");
  }

  @Test
  void keepsPiecesOfInterleavedCallsApart() {
    String output =
        output(
            START
                + tool(0, "t1")
                + tool(1, "t2")
                + json(0, "{")
                + json(1, "[")
                + json(0, "}")
                + end(0)
                + end(1)
                + stop("tool_use"));

    assertThat(output)
        .contains("{\"index\":0,\"function\":{\"arguments\":\"{\"}}")
        .contains("{\"index\":1,\"function\":{\"arguments\":\"[\"}}")
        .contains("{\"index\":0,\"function\":{\"arguments\":\"}\"}}");
    assertThat(arguments(output)).hasSize(3);
  }

  @Test
  void doesNotTellOfToolsThatRunAtTheProvider() {
    String served = tool(0, "srv").replace("tool_use", "server_tool_use");

    String output = output(START + served + json(0, "{\\\"q\\\":1}") + end(0) + stop("end_turn"));

    assertThat(output).doesNotContain("tool_calls").contains("\"finish_reason\":\"stop\"");
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "pause_turn, stop",
    "tool_use, tool_calls",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "refusal, content_filter",
    "future_reason, stop"
  })
  void saysWhyTheAnswerEnded(String stopReason, String finishReason) {
    assertThat(output(START + stop(stopReason)))
        .containsOnlyOnce("\"finish_reason\":\"" + finishReason + "\"");
  }

  @Test
  void tellsWhyTheModelRefuses() {
    String refused =
        stop("refusal")
            .replace(
                "\"stop_sequence\":null",
                "\"stop_details\":{\"type\":\"refusal\",\"explanation\":\"No \\u00e9\"}");

    assertThat(output(START + refused)).contains("\"delta\":{\"refusal\":\"No \\u00e9\"}");
  }

  @EdgeCase(11)
  @Test
  void countsWhatIsWrittenToACacheAsPrompt() {
    String start =
        START.replace(
            "\"input_tokens\":9",
            "\"input_tokens\":3,\"cache_creation_input_tokens\":12304,"
                + "\"cache_read_input_tokens\":0");

    assertThat(output(start + stop("end_turn")))
        .contains("\"prompt_tokens\":12307,", "\"cache_write_tokens\":12304,");
  }

  @EdgeCase(13)
  @Test
  void takesTheLastOfSeveralCountsAndNoNull() {
    String more =
        event(
            "message_delta", "\"delta\":{},\"usage\":{\"output_tokens\":4,\"input_tokens\":null}");

    Replay replay = replay(START + more + stop("end_turn"));

    assertThat(replay.usage()).isEqualTo(new Usage(9, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0));
    assertThat(replay.output()).contains("\"prompt_tokens\":9,\"completion_tokens\":7,");
  }

  @Test
  void tellsNoUsageToACallerThatDidNotAsk() {
    byte[] body = stream();

    String output = Replay.of(() -> new MessagesToChatStream("m", CREATED, false), body).output();

    assertThat(output).doesNotContain("usage").endsWith("data: [DONE]\n\n");
  }

  @EdgeCase(33)
  @Test
  void givesTheCallerItsOwnIdBack() {
    String id = ToolIds.plain("functions.get:0\"");

    assertThat(id).matches("[a-zA-Z0-9_-]+");
    assertThat(output(START + tool(0, id) + stop("tool_use")))
        .contains("\"id\":\"functions.get:0\\\"\"");
  }

  @EdgeCase(40)
  @Test
  void tellsAnErrorAndThenNothing() {
    String error = "\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow \\\"down\\\"\"}";

    Replay replay = replay(START + text("a") + event("error", error) + text("b") + stop("x"));

    assertThat(replay.output())
        .endsWith(
            "data: {\"error\":{\"message\":\"Slow \\\"down\\\"\",\"type\":\"rate_limit_error\","
                + "\"param\":null,\"code\":\"rate_limit_exceeded\"}}\n\n")
        .doesNotContain("[DONE]", "\"content\":\"b\"");
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded_error, server_error, overloaded",
    "api_error, server_error, upstream_error",
    "authentication_error, server_error, upstream_error",
    "permission_error, server_error, upstream_error",
    "timeout_error, server_error, upstream_timeout",
    "billing_error, insufficient_quota, insufficient_quota",
    "invalid_request_error, invalid_request_error, invalid_request",
    "request_too_large, invalid_request_error, request_too_large",
    "not_found_error, invalid_request_error, model_not_found"
  })
  void namesErrorsAsTheCallerKnowsThem(String anthropic, String type, String code) {
    String error = "\"error\":{\"type\":\"" + anthropic + "\",\"message\":\"m\"}";

    assertThat(output(START + event("error", error)))
        .contains("\"type\":\"" + type + "\",\"param\":null,\"code\":\"" + code + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\n\n",
        "event: message_delta\ndata: {]}\n\n"
      })
  void doesNotPassOverAnEventThatIsNotJson(String broken) {
    Replay replay = replay(START + broken + stop("end_turn"));

    assertThat(replay.error()).isTrue();
    assertThat(replay.output()).contains("data: {\"error\":").doesNotContain("[DONE]");
  }

  @Test
  void doesNotInventAReasonToStop() {
    Replay replay = replay(START + text("a") + STOP);

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isTrue();
    assertThat(replay.output()).doesNotContain("[DONE]", "\"finish_reason\":\"");
  }

  @EdgeCase(41)
  @Test
  void doesNotTakeAStreamForWholeThatLacksItsEnd() {
    Replay replay = replay(START + text("abcdefgh") + stop("end_turn").replace(STOP, ""));

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isFalse();
    assertThat(replay.output()).doesNotContain("[DONE]");
  }

  @Test
  void estimatesWhatNobodyReported() {
    Replay replay = replay(START + text("abcdefgh") + text("abcdefgh"));

    assertThat(replay.source()).isEqualTo(UsageSource.PARTIAL);
    assertThat(replay.usage()).isEqualTo(new Usage(9, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0));
  }

  @EdgeCase(43)
  @Test
  void keepsCharactersWholeHoweverTheyAreCut() {
    byte[] body = utf8(START + text("a\uD83D\uDE00b\u00e9") + stop("end_turn"));
    Replay whole = Replay.of(this::reader, body);

    assertThat(whole.output()).contains(shown(utf8("\"content\":\"a\uD83D\uDE00b\u00e9\"")));
    assertSameAtEveryCut(whole, this::reader, body);
  }

  @EdgeCase(45)
  @Test
  void tellsTheCallerOfNoPing() {
    String pings = "event: ping\ndata: {\"type\": \"ping\"}\n\n".repeat(1000);

    assertThat(output(START + pings + stop("end_turn")))
        .isEqualTo(output(START + stop("end_turn")));
  }

  @Test
  void keepsALineFeedInsideAStringFromEndingTheRecord() {
    // Two data lines are joined by a line feed, here in the midst of a string.
    String torn = text("a").replace("\"text\":\"a\"", "\"text\":\"a\ndata: \ndata: b\"");

    assertThat(output(START + torn + stop("end_turn")))
        .contains("\"content\":\"a\\u000a\\u000ab\"");
  }

  @Test
  void takesTheEventLineWhereTheDataDoesNotSayWhatItIs() {
    String untyped = text("a").replace("\"type\":\"content_block_delta\",", "");

    assertThat(output(START + untyped + stop("end_turn"))).contains("\"content\":\"a\"");
  }

  @Test
  void startsOnce() {
    assertThat(output(START + START + stop("end_turn"))).containsOnlyOnce("\"role\"");
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
  }

  private static String tool(int index, String id) {
    return event(
        "content_block_start",
        "\"index\":"
            + index
            + ",\"content_block\":{\"type\":\"tool_use\",\"id\":\""
            + id
            + "\",\"name\":\"f\",\"input\":{}}");
  }

  private static String json(int index, String partial) {
    return delta(index, "\"type\":\"input_json_delta\",\"partial_json\":\"" + partial + "\"");
  }

  private static String text(String text) {
    return delta(0, "\"type\":\"text_delta\",\"text\":\"" + text + "\"");
  }

  private static String delta(int index, String members) {
    return event("content_block_delta", "\"index\":" + index + ",\"delta\":{" + members + "}");
  }

  private static String end(int index) {
    return event("content_block_stop", "\"index\":" + index);
  }

  private static String stop(String reason) {
    String delta = "\"delta\":{\"stop_reason\":\"" + reason + "\",\"stop_sequence\":null}";
    return event("message_delta", delta + ",\"usage\":{\"output_tokens\":7}") + STOP;
  }

  /// The pieces of arguments that are told after a call's beginning.
  private static List<String> arguments(String output) {
    Matcher matcher =
        Pattern.compile("\"function\":\\{\"arguments\":\"(.*?)\"}}],?").matcher(output);
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private String output(String stream) {
    return replay(stream).output();
  }

  private Replay replay(String stream) {
    return Replay.of(this::reader, utf8(stream));
  }
}
