package io.llmproxy.bench.faults;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as maps, lists, strings, longs and booleans; null where it says null.
final class JsonTree {

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonTree() {}

  /// Reads one value.
  ///
  /// @throws IOException if it is not JSON, or more than one value
  static @Nullable Object read(String text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      json.nextToken();
      Object value = value(json);
      if (json.nextToken() != null) {
        throw new IOException("more than one value");
      }
      return value;
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) {
      throw new IOException("no value");
    }
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          members.put(name, value(json));
        }
        yield members;
      }
      case START_ARRAY -> {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(value(json));
        }
        yield elements;
      }
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_STRING -> json.getText();
      default -> null;
    };
  }

  /// What lies at the end of a path of members and, by number, elements; null where nothing does.
  static @Nullable Object at(@Nullable Object root, Object... path) {
    Object here = root;
    for (Object step : path) {
      here = step(here, step);
    }
    return here;
  }

  private static @Nullable Object step(@Nullable Object from, Object step) {
    return switch (step) {
      case String name when from instanceof Map<?, ?> map -> map.get(name);
      case Integer i when from instanceof List<?> list && i < list.size() -> list.get(i);
      default -> null;
    };
  }

  static String text(@Nullable Object root, Object... path) {
    return at(root, path) instanceof String text ? text : "";
  }

  static long number(@Nullable Object root, Object... path) {
    return at(root, path) instanceof Long number ? number : 0;
  }
}
