package io.llmproxy.provider.api;

import static io.llmproxy.provider.Replay.sample;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What callers of each dialect receive of providers that answer in the other shape than the one
/// asked for.
final class ReshapedRepliesTest {

  @EdgeCase(47)
  @ParameterizedTest
  @CsvSource({
    "CHAT_COMPLETIONS, OPENAI, openai-chat-response.json",
    "CHAT_COMPLETIONS, GLM, glm-chat-response.json",
    "CHAT_COMPLETIONS, GROK, xai-chat-response.json",
    "CHAT_COMPLETIONS, ANTHROPIC, anthropic-message-response.json",
    "MESSAGES, ANTHROPIC, anthropic-message-response.json",
    "MESSAGES, OPENAI, openai-chat-response.json",
    "MESSAGES, GLM, glm-chat-response.json",
    "RESPONSES, ANTHROPIC, anthropic-message-response.json",
    "RESPONSES, GLM, glm-chat-response.json"
  })
  void aCallerOfAStreamIsGivenOneOfJson(Operation caller, ProviderApi api, String name) {
    Replay replay = replay(caller, api, false, true, sample(name));

    assertWhole(replay);
    assertThat(replay.output().split(streamEnd(caller), -1)).as(replay.output()).hasSize(2);
    assertThat(replay.output()).startsWith(streamBegin(caller));
    assertThat(replay.usage()).isEqualTo(plain(caller, api, false, sample(name)).usage());
  }

  @EdgeCase(47)
  @ParameterizedTest
  @CsvSource({
    "CHAT_COMPLETIONS, OPENAI, openai-chat-stream-tools.sse",
    "CHAT_COMPLETIONS, GLM, glm-chat-stream-tools.sse",
    "CHAT_COMPLETIONS, GROQ, groq-chat-stream-tools.sse",
    "CHAT_COMPLETIONS, GROK, xai-chat-stream.sse",
    "CHAT_COMPLETIONS, ANTHROPIC, anthropic-messages-stream.sse",
    "MESSAGES, ANTHROPIC, anthropic-messages-stream.sse",
    "MESSAGES, OPENAI, openai-chat-stream-tools.sse",
    "MESSAGES, GROQ, groq-chat-stream.sse",
    "RESPONSES, OPENAI, openai-responses-stream.sse",
    "RESPONSES, ANTHROPIC, anthropic-messages-stream.sse",
    "RESPONSES, GLM, glm-chat-stream.sse"
  })
  void aCallerOfJsonIsGivenItOfAStream(Operation caller, ProviderApi api, String name) {
    Replay replay = replay(caller, api, true, false, sample(name));

    assertWhole(replay);
    assertThat(replay.output())
        .startsWith("{")
        .endsWith("}")
        .contains(
            switch (caller) {
              case CHAT_COMPLETIONS -> "\"object\":\"chat.completion\"";
              case MESSAGES -> "\"type\":\"message\"";
              default -> "\"object\":\"response\"";
            })
        .contains(
            caller == Operation.CHAT_COMPLETIONS ? "\"prompt_tokens\":" : "\"input_tokens\":");
    assertThat(replay.usage()).isEqualTo(plain(caller, api, true, sample(name)).usage());
  }

  @EdgeCase(47)
  @ParameterizedTest
  @CsvSource({
    "'', false",
    "',\"stream_options\":{\"include_usage\":false}', false",
    "',\"stream_options\":{\"include_usage\":true}', true"
  })
  void aStreamOfChatTellsUsageOnlyToACallerWhoAsked(String options, boolean told) {
    for (ProviderApi api : new ProviderApi[] {ProviderApi.OPENAI, ProviderApi.ANTHROPIC}) {
      boolean openAi = api == ProviderApi.OPENAI;
      byte[] body = sample((openAi ? "openai-chat" : "anthropic-message") + "-response.json");
      Replies replies = AskedReplies.of(Operation.CHAT_COMPLETIONS, api, true, options);

      String output = output(replies, false, true, body).output();

      assertThat(output.contains("\"usage\":{")).as(output).isEqualTo(told);
    }
  }

  private static void assertWhole(Replay replay) {
    assertThat(replay.complete()).as(replay.output()).isTrue();
    assertThat(replay.error()).isFalse();
    assertThat(replay.content()).isTrue();
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
  }

  private static String streamBegin(Operation caller) {
    return switch (caller) {
      case CHAT_COMPLETIONS -> "data: {\"object\":\"chat.completion.chunk\",";
      case MESSAGES -> "event: message_start\n";
      default -> "event: response.created\n";
    };
  }

  private static String streamEnd(Operation caller) {
    return switch (caller) {
      case CHAT_COMPLETIONS -> "data: \\[DONE]\n\n$";
      case MESSAGES -> "event: message_stop\ndata: \\{\"type\":\"message_stop\"}\n\n$";
      default -> "event: response.completed\n";
    };
  }

  /// The reply in the shape that it came in.
  private static Replay plain(Operation caller, ProviderApi api, boolean stream, byte[] body) {
    return replay(caller, api, stream, stream, body);
  }

  private static Replay replay(
      Operation caller, ProviderApi api, boolean arrives, boolean asked, byte[] body) {
    return output(AskedReplies.of(caller, api, asked, ""), arrives, asked, body);
  }

  private static Replay output(Replies replies, boolean arrives, boolean asked, byte[] body) {
    Replay replay =
        Replay.of(
            () -> replies.reader(arrives, asked, UnpooledByteBufAllocator.DEFAULT, "r", 0), body);
    assertThat(
            Replay.inPartsOf(
                11,
                () -> replies.reader(arrives, asked, UnpooledByteBufAllocator.DEFAULT, "r", 0),
                body))
        .isEqualTo(replay);
    return replay;
  }
}
