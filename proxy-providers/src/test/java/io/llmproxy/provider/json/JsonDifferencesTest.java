package io.llmproxy.provider.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Where the scanner and jackson-core, as it comes out of its box, differ, and why: this list, and
/// nothing else among the texts of [Texts].
final class JsonDifferencesTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  /// A text of which one of the two thinks otherwise than the other.
  ///
  /// @param accepted whether the scanner accepts it; jackson does not, or the other way round
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Difference(String why, byte[] text, boolean accepted) {

    @Override
    public String toString() {
      return why;
    }
  }

  static Stream<Difference> differences() {
    return Stream.of(
        refused("a field twice: two readers could read two requests", "{\"a\":1,\"a\":1}"),
        refused("a field twice in other words", "{\"a\":1,\"\\u0061\":2}"),
        refused("a field twice, once beyond the BMP", "{\"\\ud83d\\ude00\":1,\"\uD83D\uDE00\":2}"),
        refused("a byte order mark, which RFC 8259 lets a reader refuse", "\uFEFF{}"),
        refused("a byte order mark before a number", "\uFEFF1"),
        refused("deeper than 512", "[".repeat(513) + "]".repeat(513)),
        refused("UTF-16 without a mark, which RFC 8259 has given up", "\u0000[\u00001\u0000]"),
        refused("the same, the lower byte first", "1\u0000"),
        accepted("half a surrogate pair in a name, which the grammar allows", "{\"\\ud800\":1}"),
        accepted("a number of more than 1000 digits", "1".repeat(1001)));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void differOnPurpose(Difference difference) {
    assertThat(Verdict.of(difference.text()).whole()).isEqualTo(difference.accepted());
    assertThat(jacksonAccepts(difference.text())).isNotEqualTo(difference.accepted());
  }

  static Stream<String> others() {
    List<String> listed = differences().map(each -> new String(each.text(), UTF_8)).toList();
    return Stream.concat(Texts.ACCEPTED.stream(), Texts.REFUSED.stream())
        .filter(text -> !listed.contains(text));
  }

  @ParameterizedTest
  @MethodSource("others")
  void agreeOnEveryOtherText(String text) {
    byte[] bytes = Texts.utf8(text);
    assertThat(Verdict.of(bytes).whole()).isEqualTo(jacksonAccepts(bytes));
  }

  private static Difference refused(String why, String text) {
    return new Difference(why, Texts.utf8(text), false);
  }

  private static Difference accepted(String why, String text) {
    return new Difference(why, Texts.utf8(text), true);
  }

  /// Whether jackson reads one value, its strings too, and then the end.
  private static boolean jacksonAccepts(byte[] text) {
    try (JsonParser parser = JACKSON.createParser(text)) {
      JsonToken token = parser.nextToken();
      int depth = 0;
      while (token != null) {
        parser.getText();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        token = parser.nextToken();
        if (depth == 0) {
          return token == null;
        }
      }
      return false;
    } catch (IOException _) {
      return false;
    }
  }
}
