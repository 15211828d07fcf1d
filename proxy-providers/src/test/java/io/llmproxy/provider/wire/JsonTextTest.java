package io.llmproxy.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTextTest {

  @ParameterizedTest
  @CsvSource(
      value = {
        "\uD800|\uFFFD",
        "\uDC00|\uFFFD",
        "a\uD83D|a\uFFFD",
        "\uDE00\uD83D|\uFFFD\uFFFD",
        "\uD83D\uD83D\uDE00|\uFFFD\uD83D\uDE00",
        "\uD83D\uDE00\uDE00|\uD83D\uDE00\uFFFD"
      },
      delimiter = '|')
  void replacesHalfASurrogatePairAlone(String text, String expected) throws IOException {
    assertThat(read(JsonText.quoted(text))).isEqualTo(expected);
  }

  @Test
  void readsBackAsTheSameTextForEveryCharacter() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int point = 0; point <= 0x2FFFF; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        all.appendCodePoint(point);
      }
    }
    byte[] quoted = JsonText.quoted(all.toString());
    assertThat(read(quoted)).isEqualTo(all.toString());
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(quoted));
  }

  @Test
  void writesNoControlCharacterAsItIs() {
    for (byte b : JsonText.quoted("\u0000\b\t\n\u000B\f\r\u001B\u001F\"\\")) {
      assertThat(b).isGreaterThanOrEqualTo((byte) ' ');
    }
  }

  private static String read(byte[] json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      return parser.getText();
    }
  }
}
