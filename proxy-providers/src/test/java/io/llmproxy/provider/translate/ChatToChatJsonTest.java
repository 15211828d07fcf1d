package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static io.llmproxy.provider.translate.StreamedChat.ALLOCATOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole completions of GLM as a caller of Chat Completions receives them.
class ChatToChatJsonTest {
  private static final String FINISHED =
      "{\"object\":\"chat.completion\",\"choices\":[{\"finish_reason\":\"%s\",\"message\":{}}]}";

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "<html>", "{\"error\":{\"type\":\"x\"}}"})
  void leavesAloneWhatIsNoCompletion(String body) {
    Replay replay = Replay.of(ChatToChatJsonTest::reader, utf8(body));

    assertThat(replay.output()).isEqualTo(body);
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(18)
  @Test
  void anErrorIsToldAsOpenAiDoes() {
    Replay replay =
        Replay.of(
            ChatToChatJsonTest::reader, utf8("{\"error\":{\"code\":\"1302\",\"message\":\"m\"}}"));

    assertThat(replay.output())
        .isEqualTo(
            "{\"error\":{\"message\":\"m\",\"type\":\"rate_limit_error\",\"param\":null,"
                + "\"code\":\"rate_limit_exceeded\"}}");
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(16)
  @Test
  void aReasonThatOpenAiDoesNotHaveIsItsOwn() {
    assertThat(
            Replay.of(ChatToChatJsonTest::reader, utf8(FINISHED.formatted("sensitive"))).output())
        .isEqualTo(FINISHED.formatted("content_filter"));
  }

  @EdgeCase(16)
  @Test
  void aNetworkErrorIsAnError() {
    Replay replay =
        Replay.of(ChatToChatJsonTest::reader, utf8(FINISHED.formatted("network_error")));

    assertThat(ParsedJson.of(replay.output()).at("error.type")).isEqualTo("server_error");
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(17)
  @Test
  void aCompletionSaysWhatItIs() {
    String whole = shown(sample("glm-chat-response.json"));
    String object = "\"object\":\"chat.completion\",";
    byte[] body = whole.replace(object, "").getBytes(StandardCharsets.ISO_8859_1);
    Replay replay = Replay.of(ChatToChatJsonTest::reader, body);

    assertThat(whole).contains(object);
    assertThat(replay.output()).isEqualTo("{" + object + whole.replace(object, "").substring(1));
    assertThat(replay.complete()).isTrue();
    assertSameAtEveryCut(replay, ChatToChatJsonTest::reader, body);
  }

  @Test
  void aCompletionTooLongToHoldGoesOnAsItCame() {
    byte[] mebibyte = utf8("x".repeat(1 << 20));
    ReplyReader reader = reader();
    long[] given = new long[1];
    for (int i = 0; i < 40; i++) {
      reader.read(Unpooled.wrappedBuffer(mebibyte), part -> count(part, given));
    }
    reader.finish(part -> count(part, given));
    reader.release();

    assertThat(given[0]).isEqualTo(40L << 20);
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }

  private static ReplyReader reader() {
    return ReplyReaders.chat(ChatTarget.GLM, false, false, ALLOCATOR);
  }

  private static void count(ByteBuf part, long[] given) {
    given[0] += part.readableBytes();
    part.release();
  }
}
