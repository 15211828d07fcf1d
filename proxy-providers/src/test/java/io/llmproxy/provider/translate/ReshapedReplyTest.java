package io.llmproxy.provider.translate;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.sample;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Replies in the shape that their callers did not ask for.
class ReshapedReplyTest {
  private static final String UNKNOWN =
      "\"x_unknown\":{\"list\":[1,\"}{\\\"\"],\"said\":\"so\",\"none\":null,\"n\":-1.50e3},";

  @AfterEach
  void holdsNothing() {
    StreamedChat.assertNothingHeld();
  }

  @EdgeCase(47)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void givesTheSameStreamHoweverTheJsonIsCut(Reshaped dialect) {
    Replay whole = assertWhole(dialect, Replay.of(dialect.toStream(), dialect.json()));

    assertSameAtEveryCut(whole, dialect.toStream(), dialect.json());
  }

  @EdgeCase(47)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void givesTheSameJsonHoweverTheStreamIsCut(Reshaped dialect) {
    byte[] stream = dialect.stream();
    Replay whole = assertWhole(dialect, Replay.of(dialect.toJson(), stream));

    assertSameAtEveryCut(whole, dialect.toJson(), stream);
  }

  @Test
  void makesNothingOfAStreamWithARecordThatBreaksOffBehindAQuote() {
    String call = "{\"choices\":[{\"delta\":{\"x\u0096\":[{\"index\":0,\"y\":{\"z\":\"";
    // The byte that is no UTF-8 is let through, so that what follows is not looked at as JSON.
    byte[] stream = bytes("data: " + call + "\n\n");

    assertThat(Replay.of(Reshaped.CHAT.toJson(), stream).complete()).isFalse();
  }

  @EdgeCase(42)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void takesAnyLineEnd(Reshaped dialect) {
    Replay whole = Replay.of(dialect.toJson(), dialect.stream());
    for (String lineEnd : List.of("\r\n", "\r")) {
      byte[] stream = bytes(shown(dialect.stream()).replace("\n", lineEnd));

      assertThat(Replay.of(dialect.toJson(), stream)).isEqualTo(whole);
    }
  }

  @EdgeCase(47)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void losesNothingOnTheWayThereAndBack(Reshaped dialect) {
    String json = Replay.of(dialect.toJson(), dialect.stream()).output();

    assertThat(ParsedJson.of(json).value()).isEqualTo(ParsedJson.of(shown(dialect.json())).value());
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void passesOnFieldsThatItDoesNotKnow(Reshaped dialect) {
    String json = shown(dialect.json()).replace("{\n", "{").replaceAll("\\{ +\"", "{\"");
    String more =
        json.replace("{\"", "{" + UNKNOWN + "\"").replace("{" + UNKNOWN + "\"city\\", "{\"city\\");
    String stream = Replay.of(dialect.toStream(), bytes(more)).output();

    String back = Replay.of(dialect.toJson(), bytes(stream)).output();

    assertThat(more).contains(UNKNOWN);
    assertThat(ParsedJson.of(back).value()).isEqualTo(ParsedJson.of(more).value());
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void passesTextsOnInTheBytesTheyCameIn(Reshaped dialect) {
    String stream = shown(dialect.stream());

    assertThat(stream).contains("Z\\u00fcrich").contains("\\ud83d\\ude00").contains("\u00c3\u009f");
    assertThat(Replay.of(dialect.toJson(), bytes(stream)).output())
        .contains("Z\\u00fcrich")
        .contains("\\ud83d\\ude00")
        .contains("\u00c3\u009f");
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void writesJsonInRecordsOfTheirOwn(Reshaped dialect) {
    String stream = shown(dialect.stream());

    assertThat(stream).endsWith("\n\n").doesNotContain("\n\n\n");
    for (String line : stream.split("\n", -1)) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        JsonCheck.assertJson(line.substring("data: ".length()));
      } else {
        assertThat(line).matches("|event: [a-z_.]+|data: \\[DONE]");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT, data: [DONE]",
    "MESSAGES, event: message_stop",
    "RESPONSES, event: response.completed"
  })
  void endsOnce(Reshaped dialect, String end) {
    assertThat(shown(dialect.stream())).containsOnlyOnce(end);
    byte[] twice = bytes(shown(dialect.stream()) + shown(dialect.stream()));

    assertThat(Replay.of(dialect.toJson(), twice))
        .isEqualTo(Replay.of(dialect.toJson(), dialect.stream()));
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void tellsBilling(Reshaped dialect) {
    assertThat(Replay.billing(dialect.toJson(), dialect.stream()))
        .isEqualTo(Replay.billing(dialect.toStream(), dialect.json()))
        .isEqualTo(
            Replay.billing(
                () -> ReplyReaders.spliced(dialect.operation, false, false), dialect.json()));
  }

  @EdgeCase(47)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void givesNothingOfJsonThatIsCut(Reshaped dialect) {
    byte[] json = dialect.json();
    for (int length = 0; length < json.length; length++) {
      assertNothing(Replay.of(dialect.toStream(), Arrays.copyOf(json, length)));
    }
  }

  @EdgeCase(47)
  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void givesNothingOfAStreamThatIsCut(Reshaped dialect) {
    byte[] stream = dialect.stream();
    int last = shown(stream).stripTrailing().lastIndexOf("\n\n") + 2;
    for (int length = 0; length <= last; length++) {
      assertNothing(Replay.of(dialect.toJson(), Arrays.copyOf(stream, length)));
    }
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void givesNothingOfAStreamThatHoldsBrokenJson(Reshaped dialect) {
    String stream = shown(dialect.stream());

    assertNothing(Replay.of(dialect.toJson(), bytes("data: {\"a\":tru}\n\n" + stream)));
    assertNothing(Replay.of(dialect.toJson(), bytes(stream.replaceFirst(":\"Z", ":}Z"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "<html>", "{}", "{\"choices\":[{]}", "{\"a\":1}{}"})
  void givesNothingOfWhatIsNoReply(String body) {
    for (Reshaped dialect : Reshaped.values()) {
      assertNothing(Replay.of(dialect.toStream(), utf8(body)));
      assertNothing(Replay.of(dialect.toJson(), utf8(body)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHAT | {\"error\":{\"message\":\"no\",\"code\":\"slow_down\"}}",
        "MESSAGES | {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}",
        "RESPONSES | {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\"}"
      })
  void tellsTheErrorOfAStream(Reshaped dialect, String error) {
    String stream = shown(dialect.stream());
    int middle = stream.indexOf("\n\n", stream.length() / 2) + 2;
    String failed = stream.substring(0, middle) + "event: error\ndata: " + error + "\n\n";

    Replay replay = Replay.of(dialect.toJson(), bytes(failed + stream.substring(middle)));

    assertThat(replay.output()).isEqualTo(error);
    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
  }

  @Test
  void tellsTheErrorOfAFailedResponse() {
    Replay replay =
        Replay.of(Reshaped.RESPONSES.toJson(), sample("openai-responses-stream-failed.sse"));

    assertThat(replay.error()).isTrue();
    assertThat(ParsedJson.of(replay.output()).has("response.error.message")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void leavesTheErrorOfJsonToItsReader(Reshaped dialect) {
    Replay replay = Replay.of(dialect.toStream(), utf8("{\"error\":{\"message\":\"no\"}}"));

    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertThat(replay.output()).isEmpty();
  }

  @Test
  void holdsNoJsonBeyondTheLimit() {
    ByteBuf part = Unpooled.buffer(1 << 20).writerIndex(1 << 20);
    ReplyReader reader = Reshaped.CHAT.toStream().get();
    for (int i = 0; i <= ReshapedReply.LONGEST >> 20; i++) {
      reader.read(part.retainedDuplicate(), ByteBuf::release);
    }

    assertTooLong(reader);
    part.release();
  }

  @Test
  void holdsNoStreamBeyondTheLimit() {
    byte[] record = utf8(StreamedChat.content("x".repeat(1 << 20)));
    ReplyReader reader = Reshaped.CHAT.toJson().get();
    for (int i = 0; i <= ReshapedReply.LONGEST >> 20; i++) {
      reader.read(Unpooled.wrappedBuffer(record), ByteBuf::release);
    }

    assertTooLong(reader);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"index\":%d,\"delta\":{}}",
        "{\"delta\":{\"tool_calls\":[{\"index\":%d,\"id\":\"%<d\"}]}}",
        "{\"delta\":{\"x\":[{\"index\":%d}]}}"
      })
  void holdsNoMoreObjectsThanCanBeLookedThrough(String choice) {
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i <= BlockSequence.MOST_CALLS; i++) {
      stream.append(StreamedChat.chunk(choice.formatted(i)));
    }
    ReplyReader reader = Reshaped.CHAT.toJson().get();
    reader.read(Unpooled.wrappedBuffer(utf8(stream.toString())), ByteBuf::release);

    assertTooLong(reader);
  }

  @Test
  void takesDeltasThatNestDeeply() {
    String nested = "{\"a\":".repeat(400) + "1" + "}".repeat(400);
    String stream = StreamedChat.delta("{\"x\":" + nested + "}") + StreamedChat.STOP;

    Replay replay = Replay.of(Reshaped.CHAT.toJson(), utf8(stream + StreamedChat.DONE));

    assertThat(replay.complete()).isTrue();
    assertThat(replay.output()).contains("\"x\":" + nested);
  }

  @ParameterizedTest
  @EnumSource(Reshaped.class)
  void releasesAllWhereverItIsLeft(Reshaped dialect) {
    for (boolean stream : new boolean[] {false, true}) {
      byte[] body = stream ? dialect.stream() : dialect.json();
      for (int length = 1; length <= body.length; length += 37) {
        ReplyReader reader = (stream ? dialect.toJson() : dialect.toStream()).get();
        ByteBuf part = StreamedChat.ALLOCATOR.heapBuffer(length).writeBytes(body, 0, length);
        reader.read(part, ByteBuf::release);
        reader.release();

        StreamedChat.assertNothingHeld();
      }
    }
  }

  private static void assertTooLong(ReplyReader reader) {
    StringBuilder output = new StringBuilder();
    reader.finish(given -> {
      output.append(given.toString(StandardCharsets.UTF_8));
      given.release();
    });
    assertThat(reader.hasError()).isTrue();
    assertThat(reader.isComplete()).isFalse();
    assertThat(ParsedJson.of(output.toString()).text("error.message"))
        .contains("longer than can be held");
    reader.release();
  }

  private static Replay assertWhole(Reshaped dialect, Replay replay) {
    assertThat(replay.complete()).isTrue();
    assertThat(replay.content()).isTrue();
    assertThat(replay.error()).isFalse();
    assertThat(replay.usage()).isEqualTo(dialect.usage);
    assertThat(replay.source()).isEqualTo(UsageSource.REPORTED);
    return replay;
  }

  private static void assertNothing(Replay replay) {
    assertThat(replay.complete()).isFalse();
    assertThat(replay.error()).isFalse();
    assertThat(replay.output()).isEmpty();
  }

  private static byte[] bytes(String shown) {
    return shown.getBytes(StandardCharsets.ISO_8859_1);
  }
}
