package io.llmproxy.provider.wire;

import static io.llmproxy.provider.Replay.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The estimate beside what o200k makes of the same texts: ten that its prices were fitted to, and
/// ten of the same kinds that they were not.
class TokenEstimateTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "token-estimate.md");
  private static final Encoding O200K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
  private static final List<String> KINDS =
      List.of(
          "english-prose",
          "english-docs",
          "java",
          "typescript",
          "json-pretty",
          "json-compact",
          "chinese",
          "mixed-languages",
          "base64",
          "log-lines");

  /// One text: the bytes it has, the tokens o200k makes of it, and three estimates.
  private record Row(String name, int bytes, int tokens, long asText, long asJson) {

    static Row of(String name) throws IOException {
      byte[] text = text(name);
      byte[] quoted = JsonText.quoted(new String(text, UTF_8));
      return new Row(
          name,
          text.length,
          O200K.countTokensOrdinary(new String(text, UTF_8)),
          TokenEstimate.ofText(text, 0, text.length),
          TokenEstimate.ofJson(quoted, 1, quoted.length - 1));
    }

    double error(long estimate) {
      return 100.0 * (estimate - tokens) / tokens;
    }

    String told() {
      return "| %s | %d | %d | %+.0f %% | %+.0f %% | %+.0f %% |"
          .formatted(name, bytes, tokens, error(asText), error(asJson), error(bytes / 4));
    }
  }

  /// The last two are percents: of the text that was fitted to, and of the other.
  @ParameterizedTest
  @CsvSource({
    "english-prose, 5, 5",
    "english-docs, 4, 5",
    "java, 18, 6",
    "typescript, 14, 16",
    "json-pretty, 7, 7",
    "json-compact, 20, 14",
    "chinese, 7, 6",
    "mixed-languages, 7, 6",
    "base64, 13, 14",
    "log-lines, 3, 5"
  })
  void isNearWhatTheTokenizerCounts(String kind, int fitted, int unseen) throws IOException {
    Row known = Row.of(kind);
    Row other = Row.of("unseen/" + kind);

    assertThat(Math.abs(known.error(known.asText()))).isLessThan(fitted);
    assertThat(Math.abs(known.error(known.asJson()))).isLessThan(fitted);
    assertThat(Math.abs(other.error(other.asText()))).isLessThan(unseen);
    assertThat(Math.abs(other.error(other.asJson()))).isLessThan(unseen);
  }

  @Test
  void theTableInTheDocumentIsThis() throws IOException {
    StringBuilder table = new StringBuilder();
    for (String kind : KINDS) {
      table.append(Row.of(kind).told()).append('\n');
    }
    for (String kind : KINDS) {
      table.append(Row.of("unseen/" + kind).told()).append('\n');
    }
    System.out.print(table);

    assertThat(Files.readString(DOCUMENT)).contains(table);
  }

  @Test
  void allocatesNothing() throws IOException {
    byte[] text = text("mixed-languages");
    byte[] quoted = JsonText.quoted(new String(text, UTF_8));

    assertThat(
            Allocation.bytesOf(() -> {
              TokenEstimate.ofText(text, 0, text.length);
              TokenEstimate.ofJson(quoted, 1, quoted.length - 1);
            }))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "a, 1", "hello world, 2", "1234567, 3", "'    ', 1", "'x\ny', 3"})
  void countsWhatIsPlain(String text, long expected) {
    byte[] bytes = utf8(text);

    assertThat(TokenEstimate.ofText(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "a\\", "\\u", "\\u12", "\\\\\\"})
  void readsEscapesThatEndEarly(String inside) {
    byte[] bytes = utf8(inside);

    assertThat(TokenEstimate.ofJson(bytes, 0, bytes.length)).isPositive();
  }

  private static byte[] text(String name) throws IOException {
    try (InputStream in = TokenEstimateTest.class.getResourceAsStream("/texts/" + name + ".txt")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
