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

class ResponsesJsonReaderTest {
  private static final String OUTPUT =
      "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":"
          + "\"\\\"usage\\\":{\\\"input_tokens\\\":1}\"}]}]";
  private static final String USAGE =
      "\"usage\":{\"input_tokens\":75,\"input_tokens_details\":{\"cached_tokens\":32},"
          + "\"output_tokens\":18,\"output_tokens_details\":{\"reasoning_tokens\":4},"
          + "\"total_tokens\":93}";

  @ParameterizedTest
  @ValueSource(strings = {"completed", "incomplete"})
  void followsAResponseHoweverItIsCut(String status) {
    String body =
        " {\"id\":\"resp_1\",\"status\":\""
            + status
            + "\",\"error\":null,"
            + OUTPUT
            + ","
            + USAGE
            + "}\n";
    Usage usage = new Usage(43, 32, 0, 0, 0, 0, 0, 14, 4, 0, 93);
    var expected = new Replay(body, usage, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, ResponsesJsonReader::new, utf8(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\"},\"output\":[]}",
        "{\"status\":\"failed\",\"error\":null,\"output\":[ ]}",
        "{\"error\":{\"message\":\"m\"}}",
        "{\"code\":\"c\",\"error\":\"m\"}",
      })
  void seesAFailureUnderAStatusOfSuccess(String body) {
    var expected = new Replay(body, Usage.NONE, UsageSource.ESTIMATED, false, false, true);

    assertSameAtEveryCut(expected, ResponsesJsonReader::new, utf8(body));
  }

  @Test
  void isNotWholeBeforeItsLastBrace() {
    String body = "{" + OUTPUT + "," + USAGE;

    Replay replay = Replay.of(ResponsesJsonReader::new, utf8(body));

    assertThat(replay.complete()).isFalse();
    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    assertThat(replay.usage().output()).isPositive();
  }

  @Test
  void aResponseThatHasOnlyBegunIsWholeAndHasNoContent() {
    String body = "{\"status\":\"queued\",\"error\":null,\"output\":[],\"usage\":null}";
    var expected = new Replay(body, Usage.NONE, UsageSource.ESTIMATED, true, false, false);

    assertSameAtEveryCut(expected, ResponsesJsonReader::new, utf8(body));
  }
}
