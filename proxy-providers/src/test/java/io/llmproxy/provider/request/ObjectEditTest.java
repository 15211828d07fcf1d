package io.llmproxy.provider.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.json.JsonOracle;
import io.llmproxy.provider.json.Texts;
import io.llmproxy.provider.wire.Operation;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ObjectEditTest {
  private static final List<String> NAMES = List.of("a", "b", "cc", "d\\u0064", "", "é", "model");
  private static final List<String> VALUES =
      List.of(
          "1",
          "-2.5e3",
          "null",
          "true",
          "\"\"",
          "\"a\\\"}],{\"",
          "{}",
          "[]",
          "[1,{\"a\":[\"]\"]}]",
          "{ \"a\" : { \"b\" : [ ] } }");

  static LongStream seeds() {
    return LongStream.of(1, 2, 3, new SecureRandom().nextLong());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void removesWhatItIsToldFromBodiesMadeAtRandom(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      String text = randomObject(random);
      Set<String> gone = new HashSet<>();
      for (String name : List.of("a", "b", "cc", "dd", "", "zz")) {
        if (random.nextBoolean()) {
          gone.add(name);
        }
      }
      Map<String, Object> expected = JsonOracle.object(Texts.utf8(text));
      Set<String> told = new HashSet<>(gone);
      told.retainAll(expected.keySet());
      gone.forEach(expected::remove);
      Adapted adapted = Adapted.of(body -> gone.forEach(body::remove), text);
      assertThat(JsonOracle.object(Texts.utf8(adapted.text())))
          .as("seed %d: %s", seed, text)
          .isEqualTo(expected);
      assertThat(adapted.changes()).hasSameSizeAs(told);
    }
  }

  @Test
  void removesAllMembersOfAnInnerObjectInAllOrders() {
    String text = "{\"model\":\"m\",\"x\":{ \"a\":1 , \"b\":2 ,\"c\":3 }}";
    Adapted adapted =
        Adapted.of(
            body ->
                body.inside(
                    "x",
                    x -> {
                      x.remove("b");
                      x.remove("c");
                      x.remove("a");
                    }),
            text);
    assertThat(adapted.text()).isEqualTo("{\"model\":\"m\",\"x\":{  }}");
    assertThat(adapted.told()).containsExactly("DROPPED x.b", "DROPPED x.c", "DROPPED x.a");
  }

  @Test
  void readsMoreMembersThanItHasRoomForAtFirst() {
    StringBuilder text = new StringBuilder("{\"model\":\"m\"");
    for (int i = 0; i < 100; i++) {
      text.append(",\"f").append(i).append("\":").append(i);
    }
    Adapted adapted = Adapted.of(body -> body.remove("f99"), text + "}");
    assertThat(adapted.text()).isEqualTo(text.substring(0, text.lastIndexOf(",")) + "}");
  }

  @Test
  void refusesToSpliceWhatIsRefused() {
    RequestBody body = Bodies.chat("{\"model\":\"m\"}");
    Adaptation adaptation = body.adapt(edit -> edit.refuse("model", "a word", "none"));
    assertThatThrownBy(() -> body.splice(null, true, adaptation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model: a word");
    body.release();
  }

  @ParameterizedTest
  @EnumSource(value = Operation.class, mode = EnumSource.Mode.EXCLUDE, names = "CHAT_COMPLETIONS")
  void leavesOtherOperationsAlone(Operation operation) {
    String text = "{\"model\":\"m\",\"n\":1}";
    RequestBody body = Bodies.accepted(operation, text);
    Adaptation adaptation = body.adapt(edit -> edit.remove("n"));
    assertThat(Bodies.text(body.splice(null, true, adaptation))).isEqualTo(text);
    body.release();
  }

  @Test
  void goesTogetherWithAnotherModel() {
    RequestBody body = Bodies.chat("{\"n\":1,\"model\":\"m\",\"stream\":true,\"seed\":2}");
    Adaptation adaptation =
        body.adapt(edit -> {
          edit.remove("n");
          edit.remove("seed");
        });
    assertThat(Bodies.text(body.splice("other", true, adaptation)))
        .isEqualTo(
            "{\"stream_options\":{\"include_usage\":true},\"model\":\"other\",\"stream\":true}");
    assertThat(adaptation.dropped()).containsExactly("n", "seed");
    assertThat(Bodies.text(body.splice("third", false)))
        .isEqualTo("{\"n\":1,\"model\":\"third\",\"stream\":true,\"seed\":2}");
    body.release();
  }

  private static String randomObject(Random random) {
    List<String> names = new ArrayList<>(NAMES);
    List<String> members = new ArrayList<>();
    while (!names.isEmpty()) {
      String name = names.remove(random.nextInt(names.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      if (name.equals("model") || random.nextInt(3) > 0) {
        members.add(
            space(random)
                + '"'
                + name
                + '"'
                + space(random)
                + ':'
                + space(random)
                + (name.equals("model") ? "\"m\"" : value)
                + space(random));
      }
    }
    return space(random) + "{" + String.join(",", members) + "}" + space(random);
  }

  private static String space(Random random) {
    return List.of("", "", " ", "\n\t", "\r\n ").get(random.nextInt(5));
  }
}
