package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesToChatJsonTest {

  @Test
  void translatesTheGoldenAnswerHoweverItIsCut() {
    Golden golden = Golden.of("chat-messages", "json-thinking-text-tool");
    Usage usage = new Usage(25, 1536, 384, 0, 0, 0, 0, 58, 31, 0, 0);
    var expected = new Replay(shown(golden.out()), usage, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, MessagesToChatJsonTest::reader, golden.in());
    JsonCheck.assertJson(expected.output());
  }

  @Test
  void givesNothingOfAnAnswerThatIsCut() {
    byte[] body = Golden.of("chat-messages", "json-thinking-text-tool").in();
    int end = shown(body).lastIndexOf('}');
    for (int length = 0; length < end; length += 13) {
      Replay replay = Replay.of(MessagesToChatJsonTest::reader, Arrays.copyOf(body, length));

      assertThat(replay.output()).isEmpty();
      assertThat(replay.complete()).isFalse();
      assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "17", "{\"content\":3}", "{\"id\":\"x\"}", "<html>", "{\"content\":[}"})
  void givesNothingOfWhatIsNoAnswer(String body) {
    Replay replay = replay(body);

    assertThat(replay.output()).isEmpty();
    assertThat(replay.complete()).isFalse();
  }

  @Test
  void tellsAnErrorUnderAStatusOfSuccess() {
    Replay replay =
        replay(
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Over\"}}");

    assertThat(replay.output())
        .isEqualTo(
            "{\"error\":{\"message\":\"Over\",\"type\":\"server_error\",\"param\":null,"
                + "\"code\":\"overloaded\"}}");
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @EdgeCase(4)
  @Test
  void aCallWithoutInputHasAnObjectOfArguments() {
    assertThat(content("{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"}"))
        .contains("\"content\":null", "\"arguments\":\"{}\"");
  }

  @EdgeCase(33)
  @Test
  void givesTheCallerItsOwnIdBack() {
    String id = ToolIds.plain("functions.get:0");

    assertThat(content("{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"f\",\"input\":{}}"))
        .contains("\"id\":\"functions.get:0\"");
  }

  @Test
  void joinsPiecesOfText() {
    assertThat(
            content(
                "{\"type\":\"text\",\"text\":\"a\\n\"},{\"type\":\"future\",\"text\":\"no\"},"
                    + "{\"type\":\"text\",\"text\":\"\\u00e9\"}"))
        .contains("\"content\":\"a\\n\\u00e9\"");
  }

  @Test
  void writesArgumentsWithoutLineFeedsBetweenTokens() {
    String input = "{\n \"a\": \"b\\n\\\"c\\\"\"\n}";

    assertThat(
            content("{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":" + input + "}"))
        .contains("\"arguments\":\"{ \\\"a\\\": \\\"b\\\\n\\\\\\\"c\\\\\\\"\\\"}\"");
  }

  @Test
  void refusesToGatherAnAnswerWithoutEnd() {
    ReplyReader reader = reader();
    ByteBuf mebibyte = Unpooled.buffer(1 << 20).writerIndex(1 << 20);
    for (int i = 0; i < 33; i++) {
      reader.read(mebibyte.retainedDuplicate(), ByteBuf::release);
    }
    reader.finish(part -> assertThat(part).isNull());

    assertThat(reader.hasError()).isTrue();
    assertThat(reader.isComplete()).isFalse();
    reader.release();
    assertThat(mebibyte.release()).isTrue();
  }

  private static String content(String blocks) {
    String output =
        replay("{\"id\":\"m\",\"content\":[" + blocks + "],\"stop_reason\":\"end_turn\"}").output();
    JsonCheck.assertJson(output);
    return output;
  }

  private static Replay replay(String body) {
    return Replay.of(MessagesToChatJsonTest::reader, utf8(body));
  }

  private static ReplyReader reader() {
    return new MessagesToChatJson("claude-sonnet-5-5", 1_795_376_950);
  }
}
