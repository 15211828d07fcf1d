package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTokenCountTest {

  @EdgeCase(56)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"messages\":5}",
        "{\"messages\":[1,null,{\"content\":[3,{}]}],\"tools\":\"x\",\"system\":{}}",
      })
  void answersWhateverTheBodySays(String body) {
    ByteBuf answer =
        MessagesTokenCount.answer(MessagesTokenCount.estimate(utf8(body)), StreamedChat.ALLOCATOR);
    ParsedJson count = ParsedJson.of(answer.toString(StandardCharsets.UTF_8));
    answer.release();

    assertThat((Long) count.at("input_tokens")).isPositive();
  }

  @EdgeCase(56)
  @Test
  void countsSystemMessagesAndTools() {
    String text = "\"one two three four\"";
    long alone = estimate("{\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]}");

    assertThat(alone).isEqualTo(8);
    assertThat(
            estimate(
                "{\"system\":[{\"type\":\"text\",\"text\":"
                    + text
                    + "}],\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
                    + text
                    + "}]}]}"))
        .isEqualTo(alone + 4);
    assertThat(estimate("{\"messages\":[],\"tools\":[{\"name\":\"get\"}]}")).isBetween(9L, 16L);
  }

  @EdgeCase(56)
  @Test
  void anImageIsNotCountedByItsBytes() {
    String image =
        "{\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\""
            + "A".repeat(500_000)
            + "\"}}]}]}";

    assertThat(estimate(image)).isLessThan(2000);
  }

  @EdgeCase(56)
  @Test
  void textInsideResultsCounts() {
    String result =
        "{\"messages\":[{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\",\"content\":["
            + "{\"type\":\"text\",\"text\":\""
            + "word ".repeat(100)
            + "\"}]}]}]}";

    assertThat(estimate(result)).isBetween(100L, 110L);
  }

  private static long estimate(String body) {
    return MessagesTokenCount.estimate(utf8(body));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
