package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole chat completions as messages.
class ChatToMessagesJsonTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{\"choices\":[]}", "<html>", "{\"choices\":[{}"})
  void whatIsNoCompletionIsAnError(String body) {
    Replay replay = Replay.of(ChatToMessagesJsonTest::reader, utf8(body));

    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isTrue();
    assertThat(ParsedJson.of(replay.output()).at("error.type")).isEqualTo("api_error");
  }

  @EdgeCase(20)
  @Test
  void anErrorOfGrokUnderAStatusOfSuccessIsAnError() {
    byte[] body =
        utf8("{\"code\":\"The service is unavailable\",\"error\":\"Try \\\"later\\\".\"}");
    Replay replay = Replay.of(ChatToMessagesJsonTest::reader, body);

    assertThat(ParsedJson.of(replay.output()).at("error.message")).isEqualTo("Try \"later\".");
    assertThat(ParsedJson.of(replay.output()).at("request_id")).isEqualTo("req_1");
    assertSameAtEveryCut(replay, ChatToMessagesJsonTest::reader, body);
  }

  @EdgeCase(16)
  @Test
  void aNetworkErrorOfGlmIsAnError() {
    Replay replay =
        Replay.of(ChatToMessagesJsonTest::reader, completion("\"content\":\"x\"", "network_error"));

    assertThat(replay.error()).isTrue();
  }

  @EdgeCase(8)
  @Test
  void aStopWithACallIsToolUse() {
    String calls =
        "\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
    ParsedJson message = message(completion(calls, "stop"));

    assertThat(message.at("stop_reason")).isEqualTo("tool_use");
    assertThat(message.text("content.0.input")).isEqualTo("{}");
  }

  @EdgeCase(4)
  @Test
  void argumentsThatAreNoObjectAreKeptAsText() {
    String calls =
        "\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"[1,\"}}]";

    assertThat(message(completion(calls, "tool_calls")).at("content.0.input._raw"))
        .isEqualTo("[1,");
  }

  @Test
  void aRefusalIsText() {
    ParsedJson message = message(completion("\"content\":null,\"refusal\":\"no\"", "stop"));

    assertThat(message.at("content.0.text")).isEqualTo("no");
    assertThat(message.at("stop_reason")).isEqualTo("refusal");
  }

  @Test
  void anEmptyMessageIsOne() {
    assertThat(message(completion("\"content\":\"\"", "stop")).size("content")).isZero();
  }

  @Test
  void withoutUsageTheOutputIsEstimated() {
    Replay replay =
        Replay.of(ChatToMessagesJsonTest::reader, completion("\"content\":\"12345678\"", "stop"));

    assertThat(replay.usage()).isEqualTo(Usage.NONE.plusOutput(2));
    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(ParsedJson.of(replay.output()).at("usage.input_tokens")).isEqualTo(17L);
  }

  @Test
  void aReplyTooLongToHoldIsAnError() {
    ReplyReader reader = reader();
    byte[] part = new byte[1024 * 1024];
    for (int i = 0; i <= ChatToMessagesJson.LONGEST / part.length; i++) {
      reader.read(Unpooled.wrappedBuffer(part), given -> {});
    }
    StringBuilder output = new StringBuilder();
    reader.finish(given -> {
      output.append(given.toString(StandardCharsets.UTF_8));
      given.release();
    });
    reader.release();

    assertThat(ParsedJson.of(output.toString()).text("error.message")).contains("longer");
    assertThat(reader.hasError()).isTrue();
  }

  private static ReplyReader reader() {
    return new ChatToMessagesJson(StreamedChat.ALLOCATOR, "asked", "req_1", 17);
  }

  private static ParsedJson message(byte[] completion) {
    Replay replay = Replay.of(ChatToMessagesJsonTest::reader, completion);
    assertThat(replay.complete()).isTrue();
    return ParsedJson.of(replay.output());
  }

  private static byte[] completion(String message, String finish) {
    return utf8(
        "{\"id\":\"up\",\"choices\":[{\"finish_reason\":\"%s\",\"message\":{%s}}]}"
            .formatted(finish, message));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
