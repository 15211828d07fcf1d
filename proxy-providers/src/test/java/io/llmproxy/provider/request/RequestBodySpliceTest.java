package io.llmproxy.provider.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.EdgeCase;
import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.json.JsonOracle.Scalar;
import io.llmproxy.provider.json.Texts;
import io.llmproxy.provider.wire.Operation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBodySpliceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"m\",\"stream\":true}"
            + "|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
        "{ \"stream\" : true,\"model\":\"m\"}"
            + "|{\"stream_options\":{\"include_usage\":true}, \"stream\" : true,\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\":null,\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\":{},\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\": { } ,\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\": {\"include_usage\":true } ,\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\":{ \"x\":[1]},\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true, \"x\":[1]},"
            + "\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\": false ,\"x\":1},\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\":{\"include_usage\": true ,\"x\":1},"
            + "\"model\":\"m\"}",
        "{\"stream_options\":{\"\\u0069nclude_usage\":null},\"stream\":true,\"model\":\"m\"}"
            + "|{\"stream_options\":{\"\\u0069nclude_usage\":true},\"stream\":true,"
            + "\"model\":\"m\"}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"m\"}"
            + "|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"model\":\"m\"}"
      })
  void asksForUsageAndLeavesEveryOtherByte(String text, String expected) {
    RequestBody body = Bodies.chat(text);
    assertThat(Bodies.text(body.splice(null, true))).isEqualTo(expected);
    body.release();
  }

  @Test
  void asksForUsageBehindTheBraceWhateverStandsBeforeIt() {
    RequestBody body = Bodies.chat(" \r\n\t{\"model\":\"m\",\"stream\":true} ");
    assertThat(Bodies.text(body.splice(null, true)))
        .isEqualTo(
            " \r\n\t{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true} ");
    body.release();
  }

  @Test
  void doesNotAskForUsageWhereNothingIsStreamed() {
    String text = "{\"model\":\"m\",\"stream\":false,\"stream_options\":null}";
    RequestBody body = Bodies.chat(text);
    assertThat(Bodies.text(body.splice(null, true))).isEqualTo(text);
    body.release();
  }

  @ParameterizedTest
  @EnumSource(value = Operation.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT_COMPLETIONS")
  void doesNotAskForUsageWhereTheDialectHasNoSuchField(Operation operation) {
    String text = "{\"model\":\"m\",\"stream\":true}";
    RequestBody body = Bodies.accepted(operation, text);
    assertThat(Bodies.text(body.splice(null, true))).isEqualTo(text);
    body.release();
  }

  @EdgeCase(50)
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"encoding_format\":\"base64\"", ",\"encoding_format\":\"float\""})
  void leavesTheFormOfEmbeddingsToTheCaller(String format) {
    String text = "{\"model\":\"m\",\"input\":\"a\"" + format + "}";
    RequestBody body = Bodies.accepted(Operation.EMBEDDINGS, text);
    assertThat(Bodies.text(body.splice("m", true))).isEqualTo(text);
    body.release();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gpt-6-luna          | \"gpt-6-luna\"",
        "openai/gpt-oss-120b | \"openai/gpt-oss-120b\"",
        "a\"b\\c             | \"a\\\"b\\\\c\"",
        "\u6A21\uD83D\uDE00  | \"\u6A21\uD83D\uDE00\""
      })
  void putsAnotherModelInThePlaceOfTheOneAskedFor(String model, String value) {
    RequestBody body = Bodies.chat("{\"a\":1, \"model\" : \"x\\u0079\" ,\"b\":\"model\"}");
    assertThat(Bodies.text(body.splice(model, false)))
        .isEqualTo("{\"a\":1, \"model\" : " + value + " ,\"b\":\"model\"}");
    body.release();
  }

  @Test
  void leavesTheBytesOfAModelThatIsTheSame() {
    String text = "{\"model\":\"\\u006d\"}";
    RequestBody body = Bodies.chat(text);
    assertThat(Bodies.text(body.splice("m", false))).isEqualTo(text);
    body.release();
  }

  @Test
  void givesEachAttemptItsOwnBody() {
    RequestBody body = Bodies.chat("{\"model\":\"m\",\"stream\":true}");
    SplicedBody first = body.splice("first", false);
    SplicedBody second = body.splice("second", true);
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(Bodies.text(first)).isEqualTo("{\"model\":\"first\",\"stream\":true}");
      assertThat(Bodies.text(second))
          .isEqualTo(
              "{\"stream_options\":{\"include_usage\":true},\"model\":\"second\",\"stream\":true}");
    }
    body.release();
  }

  @Test
  void refusesToGiveTheBodyAfterRelease() {
    RequestBody body = Bodies.chat("{\"model\":\"m\"}");
    SplicedBody spliced = body.splice("other", false);
    body.release();
    assertThatThrownBy(() -> spliced.emit(ByteBuf::release))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void givesSlicesOfALargeBodyAndReleasesAll() {
    byte[] text = Texts.utf8("{\"model\":\"m\",\"x\":\"" + "y".repeat(100_000) + "\"}");
    ByteBuf whole = Texts.direct(text);
    RequestBody body = RequestBody.of(Operation.MESSAGES);
    body.add(whole);
    assertThat(body.finish()).isNull();
    List<ByteBuf> parts = new ArrayList<>();
    body.splice("other", false).emit(parts::add);
    assertThat(parts).hasSize(3);
    assertThat(parts.getLast().memoryAddress()).isEqualTo(whole.memoryAddress() + 3 + 12);
    body.release();
    parts.forEach(ByteBuf::release);
    assertThat(whole.refCnt()).isZero();
  }

  @Test
  void givesASmallBodyInOnePart() {
    RequestBody body = Bodies.chat("{\"model\":\"m\",\"stream\":true}");
    List<ByteBuf> parts = new ArrayList<>();
    body.splice("other", true).emit(parts::add);
    assertThat(parts).hasSize(1);
    parts.getFirst().release();
    assertThat(parts.getFirst().refCnt()).isZero();
    body.release();
  }

  static LongStream seeds() {
    return LongStream.of(1, 2, 3, new SecureRandom().nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void changesNothingButModelAndUsageInBodiesMadeAtRandom(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String text = randomBody(random);
      byte[] received = Texts.utf8(text);
      RequestBody body = Bodies.open(Operation.CHAT_COMPLETIONS, received, 5 + random.nextInt(200));
      assertThat(body.finish()).as("seed %d: %s", seed, text).isNull();
      byte[] sent = Bodies.bytes(body.splice("new \"model\"", true));
      Map<String, Object> expected = JsonOracle.object(received);
      expectUsage(expected);
      expected.put("model", "new \"model\"");
      assertThat(JsonOracle.object(sent)).as("seed %d: %s", seed, text).isEqualTo(expected);
      assertThat(withoutSplices(sent)).isEqualTo(withoutSplices(received));
      body.release();
    }
  }

  @SuppressWarnings("unchecked")
  private static void expectUsage(Map<String, Object> body) {
    if (!new Scalar("true").equals(body.get("stream"))) {
      return;
    }
    if (!(body.get("stream_options") instanceof Map<?, ?>)) {
      body.put("stream_options", new LinkedHashMap<String, Object>());
    }
    ((Map<String, Object>) body.get("stream_options")).put("include_usage", new Scalar("true"));
  }

  /// The text between markers that [#randomBody] sets around what may not change.
  private static List<String> withoutSplices(byte[] text) {
    String all = new String(text, StandardCharsets.UTF_8);
    List<String> kept = new ArrayList<>();
    for (int at = all.indexOf('<'); at >= 0; at = all.indexOf('<', at + 1)) {
      kept.add(all.substring(at, all.indexOf('>', at) + 1));
    }
    return kept;
  }

  private static String randomBody(Random random) {
    List<String> fields = new ArrayList<>();
    fields.add(
        pick(random, "\"model\" : \"m\"", "\"m\\u006fdel\":\"a\\\"b\"", "\"model\":\"\u6A21\""));
    if (random.nextInt(4) > 0) {
      fields.add(pick(random, "\"stream\":true", "\"stream\" : true ", "\"stream\":false"));
    }
    if (random.nextBoolean()) {
      fields.add(
          "\"stream_options\":"
              + pick(
                  random,
                  "null",
                  "{}",
                  "{ \t}",
                  "{\"<x>\":[{}]}",
                  "{\"include_usage\":false}",
                  "{\"<y>\" : null , \"include_usage\" : null }",
                  "{\"include_usage\":true}"));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      String value = Texts.ACCEPTED.get(random.nextInt(Texts.ACCEPTED.size()));
      fields.add("\"<f" + i + ">\":[\"<\",\"" + i + "\"," + value.strip() + ",\">\"]");
    }
    Collections.shuffle(fields, random);
    String gap = pick(random, "", " ", "\n  ");
    return gap + "{" + gap + String.join(gap + "," + gap, fields) + gap + "}" + gap;
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
