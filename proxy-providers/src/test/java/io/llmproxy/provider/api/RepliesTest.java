package io.llmproxy.provider.api;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What follows the replies to callers who ask in the provider's own dialect.
final class RepliesTest {
  private static final String CHUNK =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"sensitive\"}]}\n\n";

  @EdgeCase({15, 16, 17})
  @Test
  void setsRightWhatGlmSaysInAStream() {
    String output = output(ProviderApi.GLM, true, CHUNK + CHUNK + "data: [DONE]\n\n");

    String object = "{\"object\":\"chat.completion.chunk\",\"choices\"";
    assertThat(output)
        .isEqualTo(
            CHUNK.replace("{\"choices\"", object).replace("sensitive", "content_filter")
                + CHUNK.replace("{\"choices\"", object).replace("\"sensitive\"", "null")
                + "data: [DONE]\n\n");
  }

  @EdgeCase({16, 17})
  @Test
  void setsRightWhatGlmSaysInACompletion() {
    String body = "{\"choices\":[{\"finish_reason\":\"sensitive\",\"message\":{}}]}";

    assertThat(output(ProviderApi.GLM, false, body))
        .isEqualTo(
            "{\"object\":\"chat.completion\",\"choices\":[{\"finish_reason\":\"content_filter\","
                + "\"message\":{}}]}");
  }

  @EdgeCase(24)
  @Test
  void tellsGroqsFailureInTheDialect() {
    String failed = "data: {\"choices\":[],\"x_groq\":{\"error\":\"over\"}}\n\n";

    assertThat(output(ProviderApi.GROQ, true, failed)).startsWith("data: {\"error\":{");
  }

  @ParameterizedTest
  @CsvSource({
    "GLM, true",
    "GROQ, false",
    "GROK, false",
    "OPENAI, false",
    "OPENAI_COMPATIBLE, false"
  })
  void knowsWhoseLengthIsNotTheProviders(ProviderApi api, boolean changes) {
    assertThat(replies(api).areTranslated()).isEqualTo(changes);
  }

  private static String output(ProviderApi api, boolean eventStream, String body) {
    Replies replies = replies(api);
    return Replay.of(
            () ->
                replies.reader(eventStream, eventStream, UnpooledByteBufAllocator.DEFAULT, "r", 0),
            utf8(body))
        .output();
  }

  private static Replies replies(ProviderApi api) {
    return AskedReplies.of(Operation.CHAT_COMPLETIONS, api, false, "");
  }
}
