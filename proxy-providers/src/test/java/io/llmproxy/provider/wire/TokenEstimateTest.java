package io.llmproxy.provider.wire;

import static io.llmproxy.provider.Replay.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The estimate beside what o200k makes of the same texts.
class TokenEstimateTest {
  private static final Encoding O200K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
  private static final StringBuilder TABLE = new StringBuilder();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "english-prose",
        "english-docs",
        "java",
        "typescript",
        "json-pretty",
        "json-compact",
        "chinese",
        "mixed-languages",
        "base64",
        "log-lines",
      })
  void isWithinAFifthOfWhatTheTokenizerCounts(String name) throws IOException {
    byte[] text = text(name);
    byte[] quoted = JsonText.quoted(new String(text, StandardCharsets.UTF_8));
    int truth = O200K.countTokensOrdinary(new String(text, StandardCharsets.UTF_8));
    double ofText = error(TokenEstimate.ofText(text, 0, text.length), truth);
    double ofJson = error(TokenEstimate.ofJson(quoted, 1, quoted.length - 1), truth);
    double quarter = error(text.length / 4, truth);
    TABLE.append(
        "%-16s %5d bytes %5d tokens, as text %+6.1f %%, as JSON %+6.1f %%, bytes/4 %+6.1f %%%n"
            .formatted(name, text.length, truth, ofText, ofJson, quarter));

    assertThat(ofText).isBetween(-20.0, 20.0);
    assertThat(ofJson).isBetween(-20.0, 20.0);
  }

  @AfterAll
  static void printTable() {
    System.out.print(TABLE);
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

  private static double error(long estimate, int truth) {
    return 100.0 * (estimate - truth) / truth;
  }

  private static byte[] text(String name) throws IOException {
    try (InputStream in = TokenEstimateTest.class.getResourceAsStream("/texts/" + name + ".txt")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
