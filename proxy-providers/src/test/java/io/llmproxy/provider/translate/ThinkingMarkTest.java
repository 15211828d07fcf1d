package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which thinking of a Messages request is sent to a Claude model.
class ThinkingMarkTest {

  @EdgeCase(30)
  @Test
  void thinkingThatNoClaudeSignedIsStrippedOnItsWayBackToAnthropic() {
    String mark = new String(ThinkingMark.bytes(), StandardCharsets.US_ASCII);
    String ours = "{'type':'thinking','thinking':'a','signature':'" + mark + "'}";
    String theirs = "{'type':'thinking','thinking':'b','signature':'EqQB'}";
    String text = "{'type':'text','text':'t'}";
    byte[] body =
        json(
            "{'messages':[{'content':[%s,%s, %s]},{'content':[%s]},{'content':'x'}]} "
                .formatted(ours, theirs, text, ours));

    ByteBuf stripped = Objects.requireNonNull(ThinkingMark.strip(body, StreamedChat.ALLOCATOR));
    String rest = stripped.toString(StandardCharsets.UTF_8).replace('"', '\'');
    stripped.release();

    assertThat(rest)
        .isEqualTo(
            "{'messages':[{'content':[%s,%s]},{'content':[%s]},{'content':'x'}]} "
                .formatted(theirs, text, "{'type':'text','text':'(empty)'}"));
  }

  @EdgeCase(29)
  @Test
  void thinkingOfOneClaudeIsNotSentToAnother() {
    String thinking = "{'type':'thinking','thinking':'a','signature':'EqQB'}";
    String redacted = "{'type':'redacted_thinking','data':'x'}";
    String call = "{'type':'tool_use','id':'c','name':'get','input':{'type':'thinking'}}";
    byte[] body =
        json(
            "{'messages':[{'content':[%s,%s,%s]},{'content':'thinking'},{'content':[%s]}]}"
                .formatted(thinking, redacted, call, thinking));

    ByteBuf stripped = Objects.requireNonNull(ThinkingMark.stripAll(body, StreamedChat.ALLOCATOR));
    String rest = stripped.toString(StandardCharsets.UTF_8).replace('"', '\'');
    stripped.release();

    assertThat(rest)
        .isEqualTo(
            "{'messages':[{'content':[%s]},{'content':'thinking'},{'content':[%s]}]}"
                .formatted(call, "{'type':'text','text':'(empty)'}"));
    assertThat(
            ThinkingMark.stripAll(
                json("{'messages':[{'role':'user','content':'hi'}]}"), StreamedChat.ALLOCATOR))
        .isNull();
  }

  @EdgeCase(30)
  @Test
  void thinkingOfClaudeIsLeftAlone() {
    String body = "{'messages':[{'content':[{'type':'thinking','signature':'EqQB'}]}]}";

    assertThat(ThinkingMark.strip(json(body), StreamedChat.ALLOCATOR)).isNull();
  }

  /// JSON with single quotes, which read better here.
  private static byte[] json(String text) {
    return utf8(text.replace('\'', '"'));
  }

  @AfterEach
  void releasesEveryBuffer() {
    StreamedChat.assertNothingHeld();
  }
}
