package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.CALLS;
import static io.llmproxy.provider.translate.StreamedChat.DONE;
import static io.llmproxy.provider.translate.StreamedChat.STOP;
import static io.llmproxy.provider.translate.StreamedChat.arguments;
import static io.llmproxy.provider.translate.StreamedChat.call;
import static io.llmproxy.provider.translate.StreamedChat.content;
import static io.llmproxy.provider.translate.StreamedChat.delta;
import static io.llmproxy.provider.translate.StreamedChat.read;
import static io.llmproxy.provider.translate.StreamedChat.readers;
import static io.llmproxy.provider.translate.StreamedChat.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tool calls of Chat Completions streams as a strict client of Messages sees them.
class ChatToMessagesStreamCallsTest {

  @EdgeCase(8)
  @Test
  void aStopAfterACallIsToolUse() {
    MessageStream stream = stream(call(0, "call_1", "get", "{}") + STOP + DONE);

    assertThat(stream.stopReason).isEqualTo("tool_use");
  }

  @Test
  void aReasonOfCallsWithoutACallEndsTheTurn() {
    assertThat(stream(content("x") + CALLS + DONE).stopReason).isEqualTo("end_turn");
  }

  @EdgeCase(35)
  @Test
  void interleavedToolCallsBecomeTwoWholeBlocks() {
    String body =
        call(0, "call_a", "first", "")
            + call(1, "call_b", "second", "{\\\"n\\\"")
            + arguments(0, "{\\\"m\\\":")
            + arguments(1, ":2}")
            + arguments(0, "\\\"}\\\"}")
            + CALLS
            + DONE;

    assertThat(stream(body).blocks)
        .containsExactly("tool:call_a:first:{\"m\":\"}\"}", "tool:call_b:second:{\"n\":2}");
    assertSameAtEveryCut(Replay.of(readers(), utf8(body)), readers(), utf8(body));
  }

  @Test
  void aCallIsWrittenAtOnceWhenTheOneBeforeItIsWhole() {
    ReplyReader reader = readers().get();
    String first = read(reader, call(0, "call_a", "first", "{\\\"m\\\":1}"));
    String second = read(reader, call(1, "call_b", "second", "{"));
    reader.release();

    assertThat(first).contains("\"id\":\"call_a\"").contains("{\\\"m\\\":1}");
    assertThat(second).contains("content_block_stop").contains("\"id\":\"call_b\"");
  }

  @EdgeCase(36)
  @Test
  void argumentsThatComeBeforeTheNameAreKept() {
    String body =
        delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}")
            + call(0, "call_1", "late", ":1}")
            + CALLS
            + DONE;

    assertThat(stream(body).blocks).containsExactly("tool:call_1:late:{\"a\":1}");
  }

  @Test
  void aCallWithoutArgumentsHasAnEmptyObject() {
    assertThat(stream(call(0, "call_1", "now", "") + CALLS + DONE).blocks)
        .containsExactly("tool:call_1:now:{}");
  }

  @Test
  void aCallWithoutAnIdGetsOneOfItsOwn() {
    String body =
        delta("{\"tool_calls\":[{\"function\":{\"name\":\"a\",\"arguments\":\"{}\"}}]}")
            + delta("{\"tool_calls\":[{\"function\":{\"name\":\"b\",\"arguments\":\"{}\"}}]}")
            + CALLS
            + DONE;

    assertThat(stream(body).blocks)
        .containsExactly("tool:toolu_req_1_0:a:{}", "tool:toolu_req_1_1:b:{}");
  }

  @Test
  void callsThatAllHaveIndexZeroAreToldApartByTheirIds() {
    String body = call(0, "call_1", "a", "{}") + call(0, "call_2", "b", "{}") + CALLS + DONE;

    assertThat(stream(body).blocks).containsExactly("tool:call_1:a:{}", "tool:call_2:b:{}");
  }

  @Test
  void anIdThatIsRepeatedInEveryFragmentBeginsNoNewCall() {
    String body =
        call(0, "call_1", "a", "{\\\"x\\\"") + call(0, "call_1", "a", ":1}") + CALLS + DONE;

    assertThat(stream(body).blocks).containsExactly("tool:call_1:a:{\"x\":1}");
  }

  @Test
  void textInTheMiddleOfACallFollowsIt() {
    String body =
        call(0, "call_1", "a", "{\\\"x\\\"") + content("late") + arguments(0, ":1}") + CALLS + DONE;

    assertThat(stream(body).blocks).containsExactly("tool:call_1:a:{\"x\":1}", "text:late");
  }

  @Test
  void refusesMoreCallsThanAnybodyMakes() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i <= BlockSequence.MOST_CALLS; i++) {
      body.append(call(i, "call_" + i, "f", "{"));
    }
    Replay replay = Replay.of(readers(), utf8(body + DONE));

    assertThat(replay.error()).isTrue();
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
