package io.llmproxy.bench.simulator.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A body's JSON as maps, lists, strings, booleans, numbers (whole ones are `Long`) and [#NULL].
final class Json {

  /// The value `null`.
  static final Object NULL = new Object();

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /// Reads an object.
  ///
  /// @throws IOException if it is something else, or not JSON
  static Map<String, Object> object(byte[] bytes, int length) throws IOException {
    try (JsonParser json = FACTORY.createParser(bytes, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the body is not a JSON object");
      }
      return members(json);
    }
  }

  private static Map<String, Object> members(JsonParser json) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      members.put(name, value(json, json.nextToken()));
    }
    return members;
  }

  private static Object value(JsonParser json, @Nullable JsonToken token) throws IOException {
    if (token == null) {
      throw new IOException("the body ends too early");
    }
    return switch (token) {
      case START_OBJECT -> members(json);
      case START_ARRAY -> elements(json);
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> whole(json);
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> NULL;
    };
  }

  private static Object whole(JsonParser json) throws IOException {
    return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? (Object) json.getDoubleValue()
        : (Object) json.getLongValue();
  }

  private static List<Object> elements(JsonParser json) throws IOException {
    List<Object> elements = new ArrayList<>();
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      elements.add(value(json, token));
    }
    return elements;
  }

  /// A member, unless it is missing or `null`.
  static @Nullable Object get(@Nullable Object object, String name) {
    Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
    return NULL.equals(value) ? null : value;
  }

  /// A member that is a string; null if it is anything else.
  static @Nullable String text(@Nullable Object object, String name) {
    return get(object, name) instanceof String text ? text : null;
  }

  /// A member's text, or `otherwise`.
  static String text(@Nullable Object object, String name, String otherwise) {
    String text = text(object, name);
    return text == null ? otherwise : text;
  }

  /// A member that is a number; null if it is anything else.
  static @Nullable Double number(@Nullable Object object, String name) {
    return get(object, name) instanceof Number number ? number.doubleValue() : null;
  }

  /// The elements of a member; none if it is no array.
  static List<?> list(@Nullable Object object, String name) {
    return get(object, name) instanceof List<?> list ? list : List.of();
  }

  /// The members of a member; none if it is no object.
  static Map<?, ?> map(@Nullable Object object, String name) {
    return get(object, name) instanceof Map<?, ?> map ? map : Map.of();
  }

  static boolean isTrue(@Nullable Object object, String name) {
    return Boolean.TRUE.equals(get(object, name));
  }
}
