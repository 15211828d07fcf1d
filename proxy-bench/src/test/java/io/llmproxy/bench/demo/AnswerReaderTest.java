package io.llmproxy.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class AnswerReaderTest {

  private final AnswerReader reader = new AnswerReader();

  @Test
  void failsOnAnErrorInTheMiddle() {
    assertThatThrownBy(() -> reader.read("data: {\"error\":{\"message\":\"x\"}}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void hasNotEndedBeforeTheEnd() throws IOException {
    reader.read("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
    assertThat(reader.ended()).isFalse();
  }

  @Test
  void countsReasoningThatStandsBesideTheCompletion() throws IOException {
    reader.read(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":32,\"completion_tokens\":9,"
            + "\"total_tokens\":135,\"completion_tokens_details\":{\"reasoning_tokens\":94}}}");
    assertThat(reader.output()).isEqualTo(103);
  }

  @Test
  void countsCachedTokensAsPartOfAnthropicsInput() throws IOException {
    reader.read(
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,"
            + "\"cache_creation_input_tokens\":384,\"cache_read_input_tokens\":1536}}}");
    reader.read("data: {\"type\":\"message_stop\"}");
    assertThat(reader.input()).isEqualTo(1945);
    assertThat(reader.ended()).isTrue();
  }
}
