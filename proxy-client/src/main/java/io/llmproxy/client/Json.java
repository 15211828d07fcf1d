package io.llmproxy.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON value that was read, or the lack of one: whatever is asked of it that it has not is empty
/// again.
record Json(@Nullable Object value) {

  /// A number as it was written, so that none loses a digit.
  record Num(String text) {}

  static final Json NOTHING = new Json(null);

  private static final JsonFactory FACTORY = new JsonFactory();

  /// Reads one value; [#NOTHING] where it is not JSON.
  static Json read(byte[] bytes, int from, int to) {
    try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
      parser.nextToken();
      Object value = value(parser);
      return parser.nextToken() == null ? new Json(value) : NOTHING;
    } catch (IOException _) {
      return NOTHING;
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("the text ends too early");
    }
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
      default -> null;
    };
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      Object member = value(parser);
      if (member != null) {
        members.put(name, member);
      }
    }
    return members;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }

  boolean isObject() {
    return value instanceof Map<?, ?>;
  }

  /// A member that is there and not null.
  boolean has(String name) {
    return value instanceof Map<?, ?> map && map.containsKey(name);
  }

  Json get(String name) {
    return value instanceof Map<?, ?> map && map.get(name) != null
        ? new Json(map.get(name))
        : NOTHING;
  }

  List<Json> items() {
    List<Json> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(item -> items.add(new Json(item)));
    }
    return items;
  }

  Json first() {
    return value instanceof List<?> list && !list.isEmpty() ? new Json(list.getFirst()) : NOTHING;
  }

  /// A string; empty for anything else.
  String text() {
    return value instanceof String string ? string : "";
  }

  /// A number; `otherwise` for anything else.
  double number(double otherwise) {
    return value instanceof Num number ? Double.parseDouble(number.text()) : otherwise;
  }
}
