package io.llmproxy.provider.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the JDK's strict UTF-8 decoder and Jackson together say of a text.
public final class JsonOracle {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonScanner.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonOracle() {}

  /// Whether `text` is one JSON text in UTF-8, nested within the limit, whose outermost object
  /// names no field twice.
  public static boolean accepts(byte[] text) {
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return !decoded.startsWith("\uFEFF") && isOneValue(decoded);
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static boolean isOneValue(String text) {
    try {
      return isOneValue(text, false);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("surrogate")) {
        return false;
      }
    }
    // Jackson refuses half a pair in a name, which the grammar allows: put other characters there.
    try {
      return isOneValue(text.replaceAll("\\\\u[dD]([89a-fA-F])", "\\\\uE$1"), true);
    } catch (IOException _) {
      return false;
    }
  }

  /// The value as maps, lists, strings, and [Scalar]s that keep a number's text.
  public static @Nullable Object tree(byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      return value(parser);
    } catch (IOException e) {
      throw new AssertionError(new String(text, StandardCharsets.UTF_8), e);
    }
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(byte[] text) {
    if (tree(text) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new AssertionError("no object");
  }

  /// A number, true, false or null, as it is written.
  public record Scalar(String text) {}

  /// Jackson's parser of characters takes some for hexadecimal digits that are none, and its parser
  /// of bytes some bytes for characters; both together do not.
  private static boolean isOneValue(String text, boolean isMoved) throws IOException {
    try (JsonParser chars = JSON.createParser(text);
        JsonParser bytes = JSON.createParser(text.getBytes(StandardCharsets.UTF_8))) {
      return isOneValue(chars, isMoved) && isOneValue(bytes, isMoved);
    }
  }

  private static boolean isOneValue(JsonParser parser, boolean isMoved) throws IOException {
    Set<String> names = new HashSet<>();
    JsonToken token = parser.nextToken();
    boolean isObject = token == JsonToken.START_OBJECT;
    int depth = 0;
    while (token != null) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      // Jackson decodes a string only when asked to.
      String decoded = isMoved ? movedBack(parser.getText()) : parser.getText();
      if (token == JsonToken.FIELD_NAME && depth == 1 && isObject && !names.add(decoded)) {
        return false;
      }
      if (depth == 0) {
        return parser.nextToken() == null;
      }
      token = parser.nextToken();
    }
    return false;
  }

  private static String movedBack(String text) {
    StringBuilder back = new StringBuilder(text);
    for (int i = 0; i < back.length(); i++) {
      char unit = back.charAt(i);
      if (unit >= '\uE800' && unit <= '\uEFFF') {
        back.setCharAt(i, (char) (unit - 0x1000));
      }
    }
    return back.toString();
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      default -> new Scalar(parser.getText());
    };
  }
}
