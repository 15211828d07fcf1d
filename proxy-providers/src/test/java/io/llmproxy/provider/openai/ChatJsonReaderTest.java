package io.llmproxy.provider.openai;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatJsonReaderTest {

  @Test
  void readsUsageThatStandsBeforeMegabytesOfContent() {
    String body =
        "{\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7},\"data\":[{\"embedding\":["
            + "-0.0023064255,".repeat(200_000)
            + "1]}]}";

    Replay replay = Replay.inPartsOf(16_000, ChatJsonReader::ofEmbeddings, utf8(body));

    assertThat(replay)
        .isEqualTo(
            new Replay(
                body,
                new Usage(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
                UsageSource.REPORTED,
                true,
                true,
                false));
  }

  @Test
  void readsNoUsageButItsOwn() {
    String body =
        """
        { "choices": [{"message":{"content":"\\"usage\\":{\\"prompt_tokens\\":1}}]}\\\\",
          "usage":{"prompt_tokens":2}}}], "note\\"s": {"usage":{"prompt_tokens":3}},
          "usage" : {"prompt_tokens":4,"completion_tokens":5} , "after": [1,{"error":1}] }
        """;
    Usage usage = new Usage(4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0);

    assertSameAtEveryCut(
        new Replay(body, usage, UsageSource.REPORTED, true, true, false),
        ChatJsonReader::ofChat,
        utf8(body));
  }

  @Test
  void readsABrokenBodyTheSameHoweverItIsCut() {
    byte[] body = utf8("{\"choices\":[],\"usage\":{\"prompt_tokens\":4}:{\"prompt_tokens\":5}}");

    assertSameAtEveryCut(Replay.of(ChatJsonReader::ofChat, body), ChatJsonReader::ofChat, body);
  }

  @Test
  void estimatesTheOutputWithoutUsage() {
    String body = "{\"choices\":[" + "1".repeat(38) + "],\"error\":null}";

    assertSameAtEveryCut(
        new Replay(body, Usage.NONE.plusOutput(10), UsageSource.ESTIMATED, true, true, false),
        ChatJsonReader::ofChat,
        utf8(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[]",
        "{\"choices\":[\"}\"",
        "[{\"choices\":[]}]",
        "<html>}",
        " ",
        "{\"a\":\"\\\"}",
      })
  void isNotCompleteWithoutItsLastBrace(String body) {
    assertThat(Replay.of(ChatJsonReader::ofChat, utf8(body)).complete()).isFalse();
  }

  @Test
  void doesNotKeepAUsageBeyondItsLimit() {
    String body = "{\"usage\":{\"x\":\"" + "y".repeat(70_000) + "\",\"prompt_tokens\":1}}";

    Replay replay = Replay.inPartsOf(10_000, ChatJsonReader::ofChat, utf8(body));

    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(replay.complete()).isTrue();
  }
}
