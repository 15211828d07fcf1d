package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.Replay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesToChatStartTest {

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"message\":null", ",\"message\":7", ",\"message\":[{}]"})
  void passesOverAStartThatHasNoMessage(String member) {
    String body =
        """
        data: {"type":"message_start"%s}

        data: {"type":"content_block_delta","index":0,"delta":{"text":"a"}}

        """
            .formatted(member);

    Replay replay = Replay.of(() -> new MessagesToChatStream("m", 1, true), Replay.utf8(body));

    assertThat(replay.output()).contains("\"content\":\"a\"");
    assertThat(replay.error()).isFalse();
  }
}
