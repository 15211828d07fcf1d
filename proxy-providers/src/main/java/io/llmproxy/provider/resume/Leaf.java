package io.llmproxy.provider.resume;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A string or number of a JSON text, and where it stands.
///
/// @param value a string's content, else the text as it stands
/// @param from of its first byte, a string's quote included
/// @param to behind its last byte
record Leaf(String value, boolean isString, int from, int to) {

  private static final JsonFactory JSON = new JsonFactory();

  /// The strings and numbers of an object by their paths, such as `choices.0.delta.content`, in
  /// their order; null where the text is not one JSON object.
  static @Nullable Map<String, Leaf> read(byte[] json) {
    Map<String, Leaf> leaves = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      readObject(parser, "", leaves);
      return parser.nextToken() == null ? leaves : null;
    } catch (IOException _) {
      return null;
    }
  }

  private static void readObject(JsonParser parser, String path, Map<String, Leaf> leaves)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      readValue(parser, path + name, leaves);
    }
  }

  private static void readValue(JsonParser parser, String path, Map<String, Leaf> leaves)
      throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      readObject(parser, path + ".", leaves);
    } else if (token == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        readValue(parser, path + "." + i, leaves);
      }
    } else if (token != JsonToken.VALUE_NULL) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      String value = parser.getText();
      int to = (int) parser.currentLocation().getByteOffset();
      leaves.put(path, new Leaf(value, token == JsonToken.VALUE_STRING, from, to));
    }
  }
}
