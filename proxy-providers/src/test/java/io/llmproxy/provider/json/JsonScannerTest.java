package io.llmproxy.provider.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonScannerTest {
  static final List<String> ACCEPTED = Texts.ACCEPTED;
  static final List<String> REFUSED = Texts.REFUSED;

  @ParameterizedTest
  @FieldSource("REFUSED")
  void refusesWhatIsNotJson(String text) {
    assertThat(Verdict.of(Texts.utf8(text)).whole()).isFalse();
  }

  @ParameterizedTest
  @FieldSource("ACCEPTED")
  void acceptsWhatIsJson(String text) {
    assertThat(Verdict.of(Texts.utf8(text)).fault()).isNull();
  }

  @ParameterizedTest
  @FieldSource({"ACCEPTED", "REFUSED"})
  void agreesWithTheOracle(String text) {
    byte[] bytes = Texts.utf8(text);
    assertThat(Verdict.of(bytes).whole()).isEqualTo(JsonOracle.accepts(bytes));
  }

  @ParameterizedTest
  @FieldSource({"ACCEPTED", "REFUSED"})
  void saysTheSameWhereverTheTextIsCut(String text) {
    byte[] bytes = Texts.utf8(text);
    Verdict whole = Verdict.of(bytes);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(Verdict.of(bytes, cut)).as("cut at %d", cut).isEqualTo(whole);
    }
    assertThat(Verdict.of(bytes, Verdict.everywhere(bytes))).isEqualTo(whole);
  }

  static Stream<String> invalidUtf8() {
    return Stream.of(
        "80",
        "BF",
        "C0 80",
        "C1 BF",
        "C2",
        "C2 41",
        "C2 C2 80",
        "E0 80 80",
        "E0 9F BF",
        "E1 80",
        "E1 80 41",
        "ED A0 80",
        "ED BF BF",
        "ED A0 BD ED B8 80",
        "F0 80 80 80",
        "F0 8F BF BF",
        "F4 90 80 80",
        "F5 80 80 80",
        "F8 88 80 80 80",
        "FC 84 80 80 80 80",
        "FE",
        "FF",
        "C3 A9 80",
        "E2 82 AC BF",
        "F0 9F 98",
        "F0 9F 98 41",
        "F1 80 80",
        "E6 A8 A1 E5 9E C2");
  }

  @ParameterizedTest
  @MethodSource("invalidUtf8")
  void refusesStringsThatAreNotUtf8WhereverTheyStandAndAreCut(String hex) {
    byte[] wrong = HexFormat.ofDelimiter(" ").parseHex(hex);
    for (int before = 0; before < 10; before++) {
      byte[] text = within("{\"k\":\"" + "p".repeat(before), wrong, "\",\"other\":\"12345678\"}");
      Verdict verdict = Verdict.of(text);
      assertThat(kind(verdict)).isEqualTo(JsonFault.Kind.INVALID_UTF8);
      assertThat(JsonOracle.accepts(text)).isFalse();
      for (int cut = 1; cut < text.length; cut++) {
        assertThat(Verdict.of(text, cut)).isEqualTo(verdict);
      }
    }
  }

  @Test
  void refusesNamesThatAreNotUtf8() {
    byte[] text = within("{\"k", new byte[] {(byte) 0xC0, (byte) 0x80}, "\":1}");
    assertThat(Verdict.of(text).fault())
        .isEqualTo(
            new JsonFault(
                JsonFault.Kind.INVALID_UTF8, 3, "a string that is not UTF-8: found byte 0xC0"));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF})
  void acceptsTheFirstAndLastCharacterOfEachLength(int point) {
    for (int before = 0; before < 10; before++) {
      byte[] text = Texts.utf8("[\"" + "p".repeat(before) + Character.toString(point) + "\"]");
      assertThat(Verdict.of(text).whole()).isTrue();
      assertThat(Verdict.of(text, Verdict.everywhere(text)).whole()).isTrue();
    }
  }

  @Test
  void findsTheByteThatEndsAPlainRunAtEveryPlaceOfAWord() {
    for (byte b : new byte[] {0, 1, 0x1F, '\n', '\\', (byte) 0x80, (byte) 0xFF}) {
      for (int before = 0; before < 24; before++) {
        byte[] text = within("\"" + "p".repeat(before), new byte[] {b}, "x~!\u007Fp pppppppp\"");
        JsonFault fault = Objects.requireNonNull(Verdict.of(text).fault());
        assertThat(fault.offset()).isEqualTo(1 + before + (b == '\\' ? 1 : 0));
      }
    }
  }

  @Test
  void refusesAByteOrderMarkByName() {
    assertThat(Verdict.of(Texts.utf8("\uFEFF{}")).fault())
        .isEqualTo(
            new JsonFault(
                JsonFault.Kind.SYNTAX,
                0,
                "expected a value, without a byte order mark, found byte 0xEF"));
  }

  @Test
  void saysWhereAndWhatIsWrong() {
    assertThat(Verdict.of(Texts.utf8("{\"model\" \"m\"}")).fault())
        .isEqualTo(
            new JsonFault(
                JsonFault.Kind.SYNTAX, 9, "expected ':' behind a field's name, found '\"'"));
  }

  @Test
  void tellsATextThatEndsTooSoonFromAWrongOne() {
    String text = "{\"a\":[1,-2.5e3,\"\\u00e9\u00E9\",true]}";
    byte[] bytes = Texts.utf8(text);
    for (int end = 0; end < bytes.length; end++) {
      Verdict verdict = Verdict.of(Arrays.copyOf(bytes, end));
      assertThat(verdict.fault())
          .isEqualTo(
              new JsonFault(JsonFault.Kind.TRUNCATED, end, "the text ends before its value does"));
    }
  }

  @Test
  void acceptsTheDeepestNestingAndRefusesOneMore() {
    int max = JsonScanner.MAX_DEPTH;
    assertThat(Verdict.of(nested(max)).whole()).isTrue();
    assertThat(JsonOracle.accepts(nested(max))).isTrue();
    assertThat(kind(Verdict.of(nested(max + 1)))).isEqualTo(JsonFault.Kind.TOO_DEEP);
    assertThat(kind(Verdict.of(Texts.utf8("[".repeat(1_000_000)))))
        .isEqualTo(JsonFault.Kind.TOO_DEEP);
  }

  @Test
  void remembersAtEveryDepthWhetherItIsInAnArrayOrAnObject() {
    for (int depth = 1; depth < 200; depth++) {
      StringBuilder open = new StringBuilder();
      StringBuilder close = new StringBuilder();
      for (int i = 0; i < depth; i++) {
        boolean isObject = Integer.bitCount(i * 0x5bd1e995) % 2 == 0;
        open.append(isObject ? "{\"n\":" : "[");
        close.insert(0, isObject ? '}' : ']');
      }
      assertThat(Verdict.of(Texts.utf8(open + "0" + close)).whole()).isTrue();
      close.setCharAt(depth / 2, close.charAt(depth / 2) == '}' ? ']' : '}');
      assertThat(Verdict.of(Texts.utf8(open + "0" + close)).whole()).isFalse();
    }
  }

  @Test
  void knowsTheKindOfTheOutermostValue() {
    assertThat(List.of("{}", "[]", "\"\"", "1", "true", "false", "null"))
        .map(JsonScannerTest::rootKind)
        .containsExactly(JsonKind.values());
  }

  @Test
  void staysSilentAfterAFault() {
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    scanner.feed(Unpooled.wrappedBuffer(Texts.utf8("{]")));
    JsonFault fault = scanner.fault();
    scanner.feed(Unpooled.wrappedBuffer(Texts.utf8("{}")));
    assertThat(scanner.finish()).isFalse();
    assertThat(scanner.fault()).isSameAs(fault);
  }

  @Test
  void refusesToBeFedAfterTheEnd() {
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    scanner.finish();
    assertThatThrownBy(() -> scanner.feed(Unpooled.EMPTY_BUFFER))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void startsAfreshAfterReset() {
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    for (String text :
        List.of("{\"a\":1,\"a\"", "[[[", "\"\\u12", "{\"model\":1}", "\"\u00E9", "-")) {
      byte[] bytes = Texts.utf8(text);
      assertThat(Verdict.of(scanner, bytes)).isEqualTo(Verdict.of(bytes));
      scanner.reset();
    }
    byte[] bytes = Texts.utf8("{\"a\":1}");
    assertThat(Verdict.of(scanner, bytes)).isEqualTo(Verdict.of(bytes));
  }

  @Test
  void borrowsBuffersAndLeavesTheirIndexes() {
    ByteBuf bytes = Texts.direct(Texts.utf8("{}"));
    new JsonScanner(Verdict.FIELDS).feed(bytes);
    assertThat(bytes.readerIndex()).isEqualTo(3);
    assertThat(bytes.refCnt()).isEqualTo(1);
    bytes.release();
  }

  @Test
  void readsBuffersMadeOfOthers() {
    byte[] text = Texts.utf8("{\"model\":\"" + "\u6A21".repeat(5000) + "\"}");
    ByteBuf parts =
        Unpooled.wrappedBuffer(
            Texts.direct(text, 0, 3000),
            Texts.direct(text, 3000, 12_001),
            Texts.heap(Arrays.copyOfRange(text, 12_001, text.length)));
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    scanner.feed(parts);
    assertThat(scanner.finish()).isTrue();
    assertThat(scanner.end(0)).isEqualTo(text.length - 1);
    parts.release();
  }

  private static JsonKind rootKind(String text) {
    JsonScanner scanner = new JsonScanner(Verdict.FIELDS);
    scanner.feed(Unpooled.wrappedBuffer(Texts.utf8(text)));
    return scanner.rootKind();
  }

  private static JsonFault.Kind kind(Verdict verdict) {
    return Objects.requireNonNull(verdict.fault()).kind();
  }

  private static byte[] nested(int depth) {
    return Texts.utf8("[".repeat(depth) + "]".repeat(depth));
  }

  private static byte[] within(String before, byte[] bytes, String after) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    return (before + raw + after).getBytes(StandardCharsets.ISO_8859_1);
  }
}
