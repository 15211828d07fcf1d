package io.llmproxy.provider.openai;

import static io.llmproxy.provider.Replay.assertSameAtEveryCut;
import static io.llmproxy.provider.Replay.shown;
import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.Replay;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamReaderTest {
  private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final Usage SEVEN_AND_THREE = new Usage(7, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0);

  @Test
  void readsNoUsageBehindTheEnd() {
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n";
    String stream = TEXT + DONE + usage;

    Replay whole = replay(true, stream);

    assertThat(whole.source()).isEqualTo(UsageSource.ESTIMATED);
    assertSameAtEveryCut(whole, () -> new ChatStreamReader(true), utf8(stream));
  }

  @Test
  void countsNothingBehindTheEnd() {
    Replay whole = replay(false, TEXT + DONE);

    Replay more = replay(false, TEXT + DONE + TEXT + TEXT);

    assertThat(more.usage()).isEqualTo(whole.usage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A string that looks like the member, escaped as strings are.
        "{\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":1}\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"{\\\"choices\\\":[],\\\"usage\\\":{}}\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"x\\\\\"}}],\"usage\":null}",
        // The member at another place.
        "{\"choices\":[{\"delta\":{\"content\":\"x\",\"usage\":{\"prompt_tokens\":1}}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"x\":{\"usage\":{\"prompt_tokens\":1}}}",
        // The member without counts.
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":null}",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{}}",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":\"prompt_tokens\"}",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":null}}",
        // JSON that ends too early, and no JSON.
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1",
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],]}}}:\"usage\":{\"prompt_tokens\":1}}",
      })
  void takesNothingElseForUsage(String data) {
    String stream = TEXT + "data: " + data + "\n\n" + TEXT + DONE;

    Replay kept = replay(false, stream);

    assertThat(kept.source()).isEqualTo(UsageSource.ESTIMATED);
    assertSameAtEveryCut(kept, () -> new ChatStreamReader(true), utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
        "{\"usage\":{\"completion_tokens\":3,\"prompt_tokens\":7},\"id\":\"a\",\"choices\":[]}",
        " { \"choices\" : [ ] , \"usage\" :\t{ \"prompt_tokens\" : 7 , \"completion_tokens\" : 3 } } ",
        "{\"id\":\"choices\",\"choices\":[],\"x\":[{\"choices\":[1]}],"
            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
        // Two data lines.
        "{\"choices\":[],\ndata:\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
      })
  void stripsTheUsageChunkHoweverItIsWritten(String data) {
    String stream = TEXT + "id: 4\ndata: " + data + "\n\n" + DONE;
    var expected =
        new Replay(TEXT + DONE, SEVEN_AND_THREE, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, () -> new ChatStreamReader(true), utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Usage beside a choice, as GLM sends it.
        "{\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
        // Nothing but x_groq.
        "{\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}}",
        "{\"choices\":null,\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
        "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}",
      })
  void stripsNoOtherChunkThatCarriesUsage(String data) {
    String stream = TEXT + "data: " + data + "\n\n" + DONE;
    var expected = new Replay(stream, SEVEN_AND_THREE, UsageSource.REPORTED, true, true, false);

    assertSameAtEveryCut(expected, () -> new ChatStreamReader(true), utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void stripsTheUsageChunkAtTheVeryEnd(String lineEnd) {
    String ended = (TEXT + USAGE).replace("\n", lineEnd);
    var expected =
        new Replay(
            TEXT.replace("\n", lineEnd), SEVEN_AND_THREE, UsageSource.REPORTED, false, true, false);

    assertSameAtEveryCut(expected, () -> new ChatStreamReader(true), utf8(ended));
    // The provider left the empty line out.
    String open = ended.substring(0, ended.length() - lineEnd.length());
    assertSameAtEveryCut(expected, () -> new ChatStreamReader(true), utf8(open));
  }

  @Test
  void givesOnWhatItHeldWhenTheStreamEndsInside() {
    String stream = TEXT + "data: {\"choices\":[],\"usage\":{\"prompt_tok";

    Replay replay = replay(true, stream);

    assertThat(replay.output()).isEqualTo(stream);
    assertThat(replay.complete()).isFalse();
  }

  @Test
  void holdsARecordBackOnlyWhileItMayBeTheUsageChunk() {
    List<String> given = new ArrayList<>();
    ChatStreamReader reader = new ChatStreamReader(true);

    read(reader, TEXT + "data: {\"id\":\"", given);
    read(reader, "1\",\"choices\":[", given);
    assertThat(given).containsExactly(TEXT);

    read(reader, "{", given);
    read(reader, "\"delta\"", given);
    assertThat(given).containsExactly(TEXT, "data: {\"id\":\"1\",\"choices\":[", "{", "\"delta\"");
    reader.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {": keep-aliv", ": keep-alive\n", "data: [", "data: \"", "data: {}x"})
  void holdsNothingBackThatCannotBecomeTheUsageChunk(String begun) {
    List<String> given = new ArrayList<>();
    ChatStreamReader reader = new ChatStreamReader(true);

    read(reader, begun, given);

    assertThat(given).containsExactly(begun);
    reader.release();
  }

  @Test
  void stopsHoldingARecordThatGrowsLongWithoutTellingItsChoices() {
    String begun = "data: {\"x\":\"" + "y".repeat(9000);
    List<String> given = new ArrayList<>();
    ChatStreamReader reader = new ChatStreamReader(true);

    read(reader, begun.substring(0, 5000), given);
    assertThat(given).isEmpty();
    read(reader, begun.substring(5000), given);

    assertThat(String.join("", given)).isEqualTo(begun);
    reader.release();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void givesThePartItselfOnWhereNothingIsTakenOut(boolean stripUsage) {
    ByteBuf part = Unpooled.copiedBuffer(utf8(TEXT + TEXT));
    List<ByteBuf> given = new ArrayList<>();

    new ChatStreamReader(stripUsage).read(part, given::add);

    assertThat(given).singleElement().isSameAs(part);
    part.release();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":{\"message\":\"no\"}}",
        "data: {\"error\":\"no\",\"code\":\"x\"}",
        "data: {\"choices\":[],\"x_groq\":{\"error\":\"over_capacity\"}}",
        "event: error\ndata: {\"message\":\"no\"}",
        "data: {\"choices\":[{\"finish_reason\":\"network_error\",\"delta\":{}}]}",
      })
  void isNeverCompleteOnceTheProviderSaidThatItFailed(String record) {
    String stream = TEXT + record + "\n\n" + DONE;
    Replay replay = replay(false, stream);

    assertThat(replay.error()).isTrue();
    assertThat(replay.complete()).isFalse();
    assertSameAtEveryCut(replay, () -> new ChatStreamReader(true), utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"error\":null,\"choices\":[]}",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"error\\\":{}\"}}]}",
        ": error",
        "event: message\ndata: {}",
      })
  void takesNothingElseForAnError(String record) {
    assertThat(replay(false, record + "\n\n" + DONE).error()).isFalse();
  }

  @EdgeCase(46)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        "data:[DONE]\n\n",
        "data: [DONE]  \r\n\r\n",
        "data: [DONE]",
        "\uFEFFdata:[DONE]\n\n",
        "event: x\ndata: [DONE]\n\n"
      })
  void isCompleteAtTheTerminator(String stream) {
    Replay replay = replay(false, stream);

    assertThat(replay.complete()).isTrue();
    assertSameAtEveryCut(replay, () -> new ChatStreamReader(true), utf8(stream));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":\"a\"}",
        "{\"content\":null,\"reasoning_content\":\"a\"}",
        "{\"reasoning\":\"a\"}",
        "{\"refusal\":\"a\"}",
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
        "{\"content\":[{\"type\":\"text\"}]}",
        "{\"audio\":{\"data\":\"AA==\"}}",
      })
  void seesContent(String delta) {
    assertThat(replay(false, chunk(delta)).content()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}",
        "{\"content\":null,\"tool_calls\":[]}",
        "{\"content\":[]}",
        "{}",
        "null"
      })
  void seesThatADeltaHasNoContent(String delta) {
    assertThat(replay(false, chunk(delta)).content()).isFalse();
  }

  @Test
  void estimatesTheOutputOfAStreamThatToldNoUsage() {
    String long40 = "x".repeat(40);
    Replay replay = replay(false, TEXT + TEXT + chunk("{\"content\":\"" + long40 + "\"}"));

    // 44 bytes in three events.
    assertThat(replay.usage()).isEqualTo(Usage.NONE.plusOutput(11));
    assertThat(replay.source()).isEqualTo(UsageSource.ESTIMATED);
  }

  @Test
  void addsAnEstimateForContentThatCameAfterTheUsage() {
    Replay replay = replay(false, TEXT + USAGE + TEXT + TEXT);

    assertThat(replay.usage()).isEqualTo(SEVEN_AND_THREE.plusOutput(2));
    assertThat(replay.source()).isEqualTo(UsageSource.PARTIAL);
  }

  @Test
  void followsRecordsThatRepeatButForOneLetter() {
    StringBuilder stream = new StringBuilder();
    for (String finish : new String[] {"null", "null", "\"stop\"", "null"}) {
      for (String text : new String[] {"a", "", "\\\"", "b\\\\", "é\\n", "\",\"x\":\""}) {
        stream.append(
            "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}],\"obfuscation\":\"%s\"}\n\n"
                .formatted(text, finish, text));
      }
    }
    stream.append(USAGE).append(DONE);
    String all = stream.toString();
    Replay replay = replay(false, all);

    assertThat(replay.usage()).isEqualTo(SEVEN_AND_THREE);
    assertSameAtEveryCut(replay, () -> new ChatStreamReader(false), utf8(all));
  }

  @Test
  void followsARecordOfSeveralMegabytes() {
    String text = "z\\\"\\u00e9".repeat(400_000);
    String stream =
        "data: {\"choices\":[{\"delta\":{\"content\":\""
            + text
            + "\"}}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\n"
            + USAGE
            + DONE;
    byte[] body = utf8(stream);
    var expected =
        new Replay(
            stream.replace(USAGE, ""), SEVEN_AND_THREE, UsageSource.REPORTED, true, true, false);

    for (int bytes : new int[] {1000, 16_384, 65_537, body.length}) {
      assertThat(Replay.inPartsOf(bytes, () -> new ChatStreamReader(true), body))
          .isEqualTo(expected);
    }
  }

  @Test
  void givesARecordBeyondTheLimitOnWithoutReadingIt() {
    String huge = "data: {\"x\":\"" + "y".repeat(17 * 1024 * 1024) + "\",\"error\":1}\n\n";
    byte[] body = utf8(huge + TEXT + USAGE + DONE);
    var expected =
        new Replay(huge + TEXT + DONE, SEVEN_AND_THREE, UsageSource.REPORTED, true, true, false);

    assertThat(Replay.inPartsOf(100_000, () -> new ChatStreamReader(true), body))
        .isEqualTo(expected);
  }

  @Test
  void ignoresAnEmptyPart() {
    ByteBuf part = Unpooled.buffer(1);

    new ChatStreamReader(true).read(part, _ -> assertThat(false).isTrue());

    assertThat(part.refCnt()).isZero();
  }

  private static String chunk(String delta) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}\n\n";
  }

  private static Replay replay(boolean stripUsage, String stream) {
    Replay replay = Replay.of(() -> new ChatStreamReader(stripUsage), utf8(stream));
    if (!stripUsage) {
      assertThat(replay.output()).isEqualTo(shown(utf8(stream)));
    }
    return replay;
  }

  private static void read(ChatStreamReader reader, String part, List<String> given) {
    reader.read(
        Unpooled.copiedBuffer(utf8(part)),
        buffer -> {
          given.add(buffer.toString(StandardCharsets.UTF_8));
          buffer.release();
        });
  }
}
