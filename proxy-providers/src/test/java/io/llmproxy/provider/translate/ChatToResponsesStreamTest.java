package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.CALLS;
import static io.llmproxy.provider.translate.StreamedChat.DONE;
import static io.llmproxy.provider.translate.StreamedChat.STOP;
import static io.llmproxy.provider.translate.StreamedChat.arguments;
import static io.llmproxy.provider.translate.StreamedChat.call;
import static io.llmproxy.provider.translate.StreamedChat.chunk;
import static io.llmproxy.provider.translate.StreamedChat.content;
import static io.llmproxy.provider.translate.StreamedChat.delta;
import static io.llmproxy.provider.translate.StreamedChat.reasoning;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.UsageSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams of Chat Completions as callers of Responses receive them.
class ChatToResponsesStreamTest {

  @EdgeCase(39)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "openai-chat-stream-tools",
        "glm-chat-stream",
        "glm-chat-stream-tools",
        "groq-chat-stream-tools",
        "xai-chat-stream"
      })
  void aStrictClientTakesEveryEvent(String name) {
    Replay replay = Replay.of(ChatToResponsesStreamTest::reader, sample(name + ".sse"));
    ResponseStream stream = ResponseStream.of(replay.output());

    assertThat(replay.complete()).isTrue();
    assertThat(stream.status).isEqualTo("completed");
    assertThat(stream.model).isEqualTo("asked \"for\"");
    assertThat(stream.items).isNotEmpty();
    assertThat(stream.usage.at("total_tokens")).isNotNull();
  }

  @Test
  void eachKindOfTextIsAnItemOfItsOwn() {
    ResponseStream stream =
        stream(
            reasoning("a")
                + reasoning("b")
                + content("c")
                + content("\\ud83d\\ude00\\n")
                + reasoning("d")
                + delta("{\"refusal\":\"e\"}")
                + STOP
                + DONE);

    assertThat(stream.items)
        .containsExactly("reasoning:ab", "message:c\ud83d\ude00\n", "reasoning:d", "refusal:e");
    assertThat(stream.openAtOnce).isEqualTo(1);
  }

  @EdgeCase(35)
  @Test
  void callsWhoseFragmentsInterleaveAreItemsSideBySide() {
    ResponseStream stream =
        stream(
            call(0, "c0", "f", "{\\\"a\\\"")
                + call(1, "c1", "g", "{\\\"b\\\"")
                + arguments(0, ":1}")
                + arguments(1, ":2}")
                + CALLS
                + DONE);

    assertThat(stream.items).containsExactly("call:c0:f:{\"a\":1}", "call:c1:g:{\"b\":2}");
    assertThat(stream.openAtOnce).isEqualTo(2);
  }

  @Test
  void callsThatFollowOneAnotherAreDoneOneByOne() {
    ResponseStream stream =
        stream(content("x") + call(0, "c0", "f", "{}") + call(1, "c1", "g", "{}") + CALLS + DONE);

    assertThat(stream.items).containsExactly("message:x", "call:c0:f:{}", "call:c1:g:{}");
    assertThat(stream.openAtOnce).isEqualTo(1);
  }

  @EdgeCase(36)
  @Test
  void argumentsBeforeTheNameAreNotLost() {
    ResponseStream stream =
        stream(
            arguments(0, "{\\\"a\\\"")
                + content("between")
                + call(0, "c0", "f", ":1")
                + arguments(0, "}")
                + CALLS
                + DONE);

    assertThat(stream.items).containsExactly("message:between", "call:c0:f:{\"a\":1}");
  }

  @EdgeCase(4)
  @Test
  void argumentsThatSayNothingAreAnEmptyObject() {
    assertThat(stream(call(0, "c0", "f", "") + CALLS + DONE).items).containsExactly("call:c0:f:{}");
  }

  @Test
  void aCallWithoutAnIdIsGivenOne() {
    String body = delta("{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}");

    assertThat(stream(body + CALLS + DONE).items).containsExactly("call:call_up-1_0:f:{}");
  }

  @Test
  void aCallThatNeverSaysItsNameIsToldAllTheSame() {
    assertThat(stream(arguments(3, "{}") + CALLS + DONE).items)
        .containsExactly("call:call_up-1_0::{}");
  }

  @ParameterizedTest
  @CsvSource({
    "length, max_output_tokens",
    "model_context_window_exceeded, max_output_tokens",
    "content_filter, content_filter",
    "sensitive, content_filter",
  })
  void anAnswerThatWasCutIsIncomplete(String finish, String reason) {
    Replay replay =
        replay(
            reasoning("r")
                + call(0, "c0", "f", "{}")
                + content("half")
                + chunk("{\"delta\":{},\"finish_reason\":\"" + finish + "\"}")
                + DONE);
    ResponseStream stream = ResponseStream.of(replay.output());

    assertThat(replay.complete()).isTrue();
    assertThat(stream.status).isEqualTo("incomplete");
    assertThat(stream.reason).isEqualTo(reason);
    assertThat(stream.itemStatuses).containsExactly("completed", "completed", "incomplete");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "tool_calls", "function_call", "eos"})
  void anAnswerThatEndedIsCompleted(String finish) {
    ResponseStream stream =
        stream(
            call(0, "c0", "f", "{}")
                + chunk("{\"delta\":{},\"finish_reason\":\"" + finish + "\"}")
                + DONE);

    assertThat(stream.status).isEqualTo("completed");
    assertThat(stream.itemStatuses).containsExactly("completed");
  }

  @Test
  void usageThatComesLastIsTold() {
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,"
            + "\"total_tokens\":120,\"prompt_tokens_details\":{\"cached_tokens\":60,"
            + "\"cache_write_tokens\":30},\"completion_tokens_details\":{\"reasoning_tokens\":5}}}"
            + "\n\n";
    ParsedJson told = stream(content("x") + STOP + usage + DONE).usage;

    assertThat(told.toString())
        .isEqualTo(
            "{input_tokens=100, input_tokens_details={cached_tokens=60, cache_write_tokens=30},"
                + " output_tokens=20, output_tokens_details={reasoning_tokens=5},"
                + " total_tokens=120}");
  }

  @Test
  void whereTheProviderDoesNotCountAnEstimateIsTold() {
    Replay replay = replay(content("12345678") + STOP + DONE);

    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(ResponseStream.of(replay.output()).usage.text("input_tokens")).isEqualTo("17");
    assertThat(ResponseStream.of(replay.output()).usage.text("output_tokens")).isEqualTo("2");
  }

  @EdgeCase(40)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'error':{'message':'slow down','code':'rate_limit_exceeded'}} |"
            + " rate_limit_exceeded: slow down",
        "{'error':{'message':'zu lang','code':'1261'}} | context_length_exceeded: zu lang",
        "{'error':{'message':'m','code':'overloaded'}} | overloaded: m",
        "{'error':{'message':'m','code':'upstream_error'}} | upstream_error: m",
        "{'error':{'message':'m','code':1234}} | server_error: m",
        "{'error':'it said \\'no\\''} | server_error: it said \"no\"",
        "{'choices':[{'delta':{},'finish_reason':'network_error'}]} |"
            + " server_error: the provider's model failed: network_error",
        "{'x_groq':{'error':'stopped'}} | server_error: stopped",
        "{broken | server_error: the provider sent a record that is not JSON",
      })
  void anErrorBehindContentFailsTheResponse(String data, String error) {
    String failure = "data: " + data.replace("\\'", "\\\"").replace('\'', '"') + "\n\n";
    Replay replay = replay(content("half") + failure + content("more") + STOP + DONE);
    ResponseStream stream = ResponseStream.of(replay.output());

    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertThat(stream.status).isEqualTo("failed");
    assertThat(stream.error).isEqualTo(error);
    assertThat(replay.output()).doesNotContain("response.completed", "more");
  }

  @Test
  void anAnswerThatIsTooLongToBeKeptFailsTheResponse() {
    String piece = content("x".repeat(1024 * 1024));
    ReplyReader reader = reader();
    StringBuilder last = new StringBuilder();
    for (int i = 0; i <= ResponseOutput.MOST_KEPT / (1024 * 1024) && !reader.hasError(); i++) {
      last.setLength(0);
      last.append(StreamedChat.read(reader, piece));
    }

    assertThat(reader.hasError()).isTrue();
    assertThat(last).contains("event: response.failed", "longer than can be held");
    assertThat(StreamedChat.read(reader, STOP + DONE)).isEmpty();
    reader.release();
  }

  @Test
  void anErrorBeforeAllElseIsAnErrorEvent() {
    Replay replay = replay("data: {\"error\":{\"message\":\"m\",\"code\":\"slow_down\"}}\n\n");

    assertThat(ResponseStream.of(replay.output()).error).isEqualTo("overloaded: m");
    assertThat(replay.output()).doesNotContain("response.");
    assertThat(replay.error()).isTrue();
    assertThat(replay.content()).isFalse();
  }

  @EdgeCase(41)
  @Test
  void aStreamThatBreaksOffBeforeItsReasonHasNoEnd() {
    Replay replay = replay(content("half") + call(0, "c0", "f", "{}"));

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isFalse();
    assertThat(ResponseStream.of(replay.output()).status).isEmpty();
  }

  @Test
  void aStreamThatEndsBehindItsReasonIsWhole() {
    Replay replay = replay(content("all") + STOP);

    assertThat(replay.complete()).isTrue();
    assertThat(ResponseStream.of(replay.output()).status).isEqualTo("completed");
  }

  @EdgeCase(15)
  @Test
  void endsOnceWhereTheReasonIsSaidTwice() {
    assertThat(stream(content("x") + STOP + STOP + DONE).items).containsExactly("message:x");
  }

  @Test
  void anAnswerOfNothingIsAResponseOfNothing() {
    ResponseStream stream =
        stream(delta("{\"role\":\"assistant\",\"content\":\"\"}") + STOP + DONE);

    assertThat(stream.items).isEmpty();
    assertThat(stream.status).isEqualTo("completed");
  }

  @Test
  void contentInPartsIsText() {
    String parts = "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"x\"}]}";

    assertThat(stream(delta(parts) + content("b") + STOP + DONE).items)
        .containsExactly("message:ab");
  }

  @EdgeCase(43)
  @Test
  void charactersOfFourBytesSurviveEveryCut() {
    String body = content("\ud83d\ude00\u00e9") + STOP + DONE;
    Replay whole = replay(body);

    assertThat(ResponseStream.of(whole.output()).items)
        .containsExactly("message:\ud83d\ude00\u00e9");
    assertSameAtEveryCut(whole, ChatToResponsesStreamTest::reader, utf8(body));
  }

  @Test
  void idsHoldNothingThatIdsMayNot() {
    String body = "data: {\"id\":\"chatcmpl-a\\\"b c\",\"choices\":[]}\n\n";

    assertThat(stream(body + content("x") + STOP + DONE).id).isEqualTo("resp_a__b_c");
  }

  @Test
  void whereTheProviderGivesNoIdTheRequestsIsTaken() {
    String body = shown(utf8(content("x") + STOP + DONE)).replace("\"id\":\"up-1\",", "");
    String tooLong = content("x").replace("up-1", "u".repeat(60)) + STOP + DONE;

    assertThat(stream(body).id).isEqualTo("resp_req_1");
    assertThat(stream(tooLong).id).isEqualTo("resp_req_1");
  }

  private static ReplyReader reader() {
    return new ChatToResponsesStream(
        StreamedChat.ALLOCATOR,
        new ResponseHead("asked \"for\"", "req.1", 1234, ResponseEcho.NONE),
        17);
  }

  private static Replay replay(String body) {
    return Replay.of(ChatToResponsesStreamTest::reader, utf8(body));
  }

  private static ResponseStream stream(String body) {
    return ResponseStream.of(replay(body).output());
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
