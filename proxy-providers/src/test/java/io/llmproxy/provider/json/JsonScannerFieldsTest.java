package io.llmproxy.provider.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.json.Verdict.Found;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonScannerFieldsTest {
  private static final int MODEL = 0;

  @Test
  void refusesAFieldThatStandsThereTwice() {
    assertThat(Verdict.of(Texts.utf8("{\"x\":1, \"y\":2, \"x\":3}")).fault())
        .isEqualTo(
            new JsonFault(
                JsonFault.Kind.DUPLICATE_FIELD, 15, "the field \"x\" stands there twice"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":1,\"\\u006dodel\":2}",
        "{\"mod\\u0065l\":1,\"\\u006d\\u006f\\u0064\\u0065\\u006c\":2}",
        "{\"a/b\":1,\"a\\/b\":2}",
        "{\"\\n\":1,\"\\u000A\":2}",
        "{\"\":1,\"\":2}",
        "{\"\u00E9\":1,\"\\u00e9\":2}",
        "{\"\u6A21\":1,\"\\u6a21\":2}",
        "{\"\uD83D\uDE00\":1,\"\\uD83D\\uDE00\":2}",
        "{\"\\ud800\":1,\"\\uD800\":2}",
        "{\"\\u0000\":1,\"\\u0000\":2}"
      })
  void comparesNamesUnescaped(String text) {
    byte[] bytes = Texts.utf8(text);
    Verdict verdict = Verdict.of(bytes);
    assertThat(Objects.requireNonNull(verdict.fault()).kind())
        .isEqualTo(JsonFault.Kind.DUPLICATE_FIELD);
    assertThat(Verdict.of(bytes, Verdict.everywhere(bytes))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":1,\"Model\":2}",
        "{\"a\":1,\"a\\u0000\":2}",
        "{\"\\ud83d\":1,\"\\ude00\":2,\"\\ud83d\\ude00\":3,\"\\ude00\\ud83d\":4}",
        "{\"\\ud83d\\ud83d\\ude00\":1,\"\\ud83d\\ude00\":2}",
        "{\"\\ud83dx\":1,\"x\":2,\"\\ud83d\\n\":3}",
        "{\"\u00E9\":1,\"e\\u0301\":2}",
        "{\"ab\":1,\"a\":2,\"b\":3,\"\":4}"
      })
  void tellsNamesApartThatDiffer(String text) {
    byte[] bytes = Texts.utf8(text);
    assertThat(Verdict.of(bytes).fault()).isNull();
    assertThat(JsonOracle.accepts(bytes)).isTrue();
  }

  @Test
  void givesTheBoundsOfEachKindOfValue() {
    String text = " {\"model\": \"m\\\"}\" ,\"z\":0,\"stream\":[1,{\"a\":2}] , \"a\" :-1.5e3}";
    assertThat(Verdict.of(Texts.utf8(text)))
        .isEqualTo(
            new Verdict(
                true,
                null,
                4,
                1,
                List.of(
                    found(text, MODEL, JsonKind.STRING, "\"m\\\"}\""),
                    found(text, 1, JsonKind.NUMBER, "-1.5e3"),
                    found(text, 2, JsonKind.ARRAY, "[1,{\"a\":2}]"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[1]", "\"x\"", "0", "true", "false", "null", "-1e9", "{\"a\":1}"})
  void findsAValueWhereverTheTextIsCut(String value) {
    byte[] text = Texts.utf8("{\"x\":{\"model\":0},\"model\":" + value + "}");
    for (int cut = 0; cut <= text.length; cut++) {
      Found found = Verdict.of(text, cut).found().getFirst();
      assertThat(text(text, found)).isEqualTo(value);
    }
  }

  @Test
  void matchesNamesThatAreWrittenWithEscapes() {
    byte[] text = Texts.utf8("{\"\\u006dod\\u0065l\":\"m\"}");
    assertThat(text(text, Verdict.of(text).found().getFirst())).isEqualTo("\"m\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"model\":1}]",
        "{\"x\":{\"model\":1}}",
        "{\"x\":[{\"model\":1}]}",
        "{\"x\":\"model\"}",
        "{\"models\":1}",
        "{\"mode\":1}",
        "\"model\""
      })
  void findsOnlyFieldsOfTheOutermostObject(String text) {
    assertThat(Verdict.of(Texts.utf8(text)).found()).isEmpty();
  }

  @Test
  void doesNotHaveAFieldBeforeItsValueIsWhole() {
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    scanner.feed(Unpooled.wrappedBuffer(Texts.utf8("{\"model\":\"m")));
    assertThat(scanner.has(MODEL)).isFalse();
    assertThatThrownBy(() -> scanner.kind(MODEL)).isInstanceOf(IllegalStateException.class);
    scanner.feed(Unpooled.wrappedBuffer(Texts.utf8("\"")));
    assertThat(scanner.has(MODEL)).isTrue();
  }

  @Test
  void acceptsAsManyFieldsAsItComparesAndRefusesOneMore() {
    assertThat(Verdict.of(fields(SeenNames.MAX_NAMES)).fieldCount()).isEqualTo(4096);
    Verdict verdict = Verdict.of(fields(SeenNames.MAX_NAMES + 1));
    assertThat(Objects.requireNonNull(verdict.fault()).kind())
        .isEqualTo(JsonFault.Kind.TOO_MANY_FIELDS);
  }

  @Test
  void findsARepeatedNameAmongThousands() {
    String last = new String(fields(4000), StandardCharsets.UTF_8);
    byte[] text = Texts.utf8(last.substring(0, last.length() - 1) + ",\"n1234\":0}");
    assertThat(Objects.requireNonNull(Verdict.of(text).fault()).detail())
        .isEqualTo("the field \"n1234\" stands there twice");
  }

  @Test
  void boundsTheBytesOfNamesItKeeps() {
    byte[] text = Texts.utf8("{\"" + "k".repeat(SeenNames.MAX_BYTES + 1) + "\":1}");
    assertThat(Objects.requireNonNull(Verdict.of(text).fault()).kind())
        .isEqualTo(JsonFault.Kind.TOO_MANY_FIELDS);
    byte[] fits = Texts.utf8("{\"" + "k".repeat(SeenNames.MAX_BYTES) + "\":1}");
    assertThat(Verdict.of(fits).whole()).isTrue();
  }

  @Test
  void cutsALongNameInItsMessage() {
    String name = "k".repeat(1000);
    byte[] text = Texts.utf8("{\"" + name + "\":1,\"" + name + "\":1}");
    assertThat(Objects.requireNonNull(Verdict.of(text).fault()).detail())
        .isEqualTo("the field \"" + "k".repeat(64) + "...\" stands there twice");
  }

  @Test
  void doesNotCountTheNamesOfInnerObjects() {
    byte[] text = Texts.utf8("{\"x\":" + new String(fields(5000), StandardCharsets.UTF_8) + "}");
    assertThat(Verdict.of(text).fieldCount()).isEqualTo(1);
  }

  @Test
  void refusesAListOfNamesWithARepeatedOne() {
    assertThatThrownBy(() -> FieldNames.of("a", "b", "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] fields(int count) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",").append("\"n").append(i).append("\":0");
    }
    return Texts.utf8(text.append('}').toString());
  }

  private static Found found(String text, int field, JsonKind kind, String value) {
    int start = text.indexOf(value);
    return new Found(field, kind, start, start + value.length());
  }

  private static String text(byte[] text, Found found) {
    byte[] value = Arrays.copyOfRange(text, (int) found.start(), (int) found.end());
    return new String(value, StandardCharsets.UTF_8);
  }
}
