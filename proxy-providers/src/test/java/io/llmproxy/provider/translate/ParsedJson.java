package io.llmproxy.provider.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as maps, lists, strings, numbers and booleans, for tests; a path leads to a value inside.
final class ParsedJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final @Nullable Object value;

  private ParsedJson(@Nullable Object value) {
    this.value = value;
  }

  /// The one value that `text` holds; fails where it holds anything else.
  static ParsedJson of(String text) {
    try (JsonParser parser =
        FACTORY.createParser(text).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)) {
      parser.nextToken();
      Object value = read(parser);
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one value: " + text);
      }
      return new ParsedJson(value);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  /// All of it.
  @Nullable Object value() {
    return value;
  }

  /// The value at `path`: names and indexes apart by dots; null where there is none.
  @Nullable Object at(String path) {
    Object at = value;
    for (String step : path.split("\\.", -1)) {
      if (at instanceof Map<?, ?> map) {
        at = map.get(step);
      } else if (at instanceof List<?> list) {
        int index = Integer.parseInt(step);
        at = index < list.size() ? list.get(index) : null;
      } else {
        return null;
      }
    }
    return at;
  }

  ParsedJson in(String path) {
    return new ParsedJson(at(path));
  }

  String text(String path) {
    return String.valueOf(at(path));
  }

  /// Whether there is a member at `path`, be it null.
  boolean has(String path) {
    int dot = path.lastIndexOf('.');
    Object container = dot < 0 ? value : at(path.substring(0, dot));
    return container instanceof Map<?, ?> map && map.containsKey(path.substring(dot + 1));
  }

  int size(String path) {
    return at(path) instanceof List<?> list ? list.size() : -1;
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, read(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new AssertionError(parser.currentToken());
    };
  }
}
