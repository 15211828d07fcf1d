package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;
import static io.llmproxy.provider.translate.StreamedChat.readers;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of a whole stream wherever it is disturbed.
class ChatToMessagesWholeStreamTest {
  private static final byte[] STREAM = sample("openai-chat-stream-tools.sse");
  private static final Replay EXPECTED = Replay.of(readers(), STREAM);

  @EdgeCase(42)
  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r"})
  void takesAnyLineEnd(String lineEnd) {
    assertSameAtEveryCut(EXPECTED, readers(), bytes(shown(STREAM).replace("\n", lineEnd)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ": keep-alive\n\n",
        "event: ping\n\n",
        "id: 7\nretry: 9\n\n",
        "data: {}\n\n",
        "data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":null}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"audio\":{\"id\":\"a\"},\"tool_calls\":null}}]}\n\n",
      })
  void leavesOutRecordsThatSayNothing(String record) {
    String body = shown(STREAM).replace("\n\n", "\n\n" + record);

    assertThat(Replay.of(readers(), bytes(body))).isEqualTo(EXPECTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"choices", "index", "delta", "name", "finish_reason", "prompt_tokens"})
  void leavesOutFieldsThatItDoesNotKnow(String neighbour) {
    String unknown = "\"x_new\":[{\"content\":\"}\"},[1.5e3],null,true],";
    String body =
        shown(STREAM).replace("\"" + neighbour + "\":", unknown + "\"" + neighbour + "\":");

    assertThat(body).contains(unknown);
    assertThat(Replay.of(readers(), bytes(body))).isEqualTo(EXPECTED);
  }

  @Test
  void endsOnceWhateverFollows() {
    assertThat(Replay.of(readers(), bytes(shown(STREAM) + shown(STREAM)))).isEqualTo(EXPECTED);
  }

  @EdgeCase(41)
  @Test
  void doesNotEndAStreamThatBreaksOffBeforeItsReason() {
    String text = shown(STREAM);
    int reason = text.indexOf("\"finish_reason\":\"");
    for (int at = text.indexOf("\n\n"); at < reason; at = text.indexOf("\n\n", at + 2)) {
      Replay replay = Replay.of(readers(), Arrays.copyOf(STREAM, at + 2));

      assertThat(replay.complete()).isFalse();
      assertThat(EXPECTED.output()).startsWith(replay.output());
    }
  }

  @Test
  void takesPartsOfNothing() {
    assertThat(Replay.of(readers(), STREAM, 0, 0, 10, 10, STREAM.length)).isEqualTo(EXPECTED);
  }

  @Test
  void releasesAllWhereverItIsLeft() {
    for (int length = 1; length <= STREAM.length; length += 37) {
      ReplyReader reader = readers().get();
      reader.read(ALLOCATOR.heapBuffer(length).writeBytes(STREAM, 0, length), ByteBuf::release);
      reader.release();
    }
    StreamedChat.assertNothingHeld();
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
