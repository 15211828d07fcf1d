package io.llmproxy.proxy.observe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// JSON that is safe to show in a terminal: pure printable ASCII, everything else escaped, control
/// characters, line separators and text direction marks among it.
final class JsonText {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .highestNonEscapedChar(127)
          .characterEscapes(new DeleteEscaped())
          .build();

  private static final int MONEY_DIGITS = 9;

  /// Writes a value.
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private JsonText() {}

  static JsonGenerator generator(OutputStream target) throws IOException {
    return FACTORY.createGenerator(target);
  }

  static byte[] of(Body body) {
    var bytes = new ByteArrayOutputStream(4 * 1024);
    try (JsonGenerator json = generator(bytes)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// US dollars with nine decimals, as exact as the ledger.
  static String usd(long nanoUsd) {
    return BigDecimal.valueOf(nanoUsd, MONEY_DIGITS).toPlainString();
  }

  /// DEL is ASCII, and still nothing to print.
  private static final class DeleteEscaped extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final char DELETE = 0x7f;
    private static final SerializableString ESCAPED = new SerializedString("\\u007F");

    private final int[] escapes = CharacterEscapes.standardAsciiEscapesForJSON();

    DeleteEscaped() {
      escapes[DELETE] = ESCAPE_CUSTOM;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return character == DELETE ? ESCAPED : null;
    }
  }
}
