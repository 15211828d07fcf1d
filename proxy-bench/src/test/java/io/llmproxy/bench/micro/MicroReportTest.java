package io.llmproxy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MicroReportTest {

  @Test
  void marksAnEventThatCostsAMicrosecond() {
    assertThat(event(ReplyPath.CHAT_TO_MESSAGES, 1_000, 0).inBounds()).isFalse();
    assertThat(event(ReplyPath.CHAT_TO_MESSAGES, 999, 0).inBounds()).isTrue();
    assertThat(event(ReplyPath.CHAT_TO_MESSAGES, 1_000, 0).text()).endsWith("MISSED");
  }

  @Test
  void marksAnEventThatAllocates() {
    assertThat(event(ReplyPath.CHAT_TO_MESSAGES, 10, 16).inBounds()).isFalse();
  }

  @Test
  void letsATranslatorKeepWhatItMustRepeat() {
    assertThat(event(ReplyPath.CHAT_TO_RESPONSES, 10, 16).inBounds()).isTrue();
    assertThat(event(ReplyPath.CHAT_TO_RESPONSES, 10, 40).inBounds()).isFalse();
  }

  @Test
  void marksASplicedBodyOfLessThanFiveHundredMegabytesASecond() {
    assertThat(body(RequestPath.CHAT_SPLICED, 65_536, 135_000).inBounds()).isFalse();
    assertThat(body(RequestPath.CHAT_SPLICED, 65_536, 130_000).inBounds()).isTrue();
    assertThat(body(RequestPath.CHAT_TO_MESSAGES, 65_536, 135_000).inBounds()).isTrue();
  }

  @Test
  void namesPathsAsTheReportDoes() {
    assertThat(Named.among(ReplyPath.class, List.of("chat-to-messages")))
        .containsExactly(ReplyPath.CHAT_TO_MESSAGES);
    assertThat(Named.among(ReplyPath.class, null)).containsExactly(ReplyPath.values());
    assertThat(Named.among(ReplyPath.class, List.of("none"))).isEmpty();
  }

  @Test
  void saysWhichNamesThereAre() {
    List<String> wrong = List.of("chat_to_messages");
    assertThatThrownBy(() -> Named.among(ReplyPath.class, wrong))
        .hasMessageContaining("chat-to-messages");
  }

  private static Measured event(ReplyPath path, double nanos, double bytes) {
    return MicroReport.event(path, EventKind.TEXT, new Reading(nanos, nanos, nanos, bytes));
  }

  private static Measured body(RequestPath path, int bytes, double nanos) {
    return MicroReport.body(path, bytes, new Reading(nanos, nanos, nanos, 0));
  }
}
