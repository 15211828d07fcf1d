package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// All members of one JSON object, known here or not, in their order. Where a name comes twice, the
/// later value counts.
final class Fields {
  /// Further ones are left out.
  static final int MOST = 1024;

  private final Map<String, JsonSpan> values = new LinkedHashMap<>();

  private Fields() {}

  /// Those of `object`; none of a value that is no object, or is not whole.
  static Fields of(JsonSpan object) {
    Fields fields = new Fields();
    JsonCursor cursor = object.cursor();
    if (!object.isObject() || !cursor.enterObject()) {
      return fields;
    }
    while (cursor.nextName() && fields.values.size() < MOST) {
      String name = JsonSpan.name(object.bytes(), cursor);
      fields.values.put(name, JsonSpan.next(object.bytes(), cursor));
    }
    return cursor.isWhole() ? fields : new Fields();
  }

  /// The value of `name`, nothing where there is none.
  JsonSpan get(String name) {
    return values.getOrDefault(name, JsonSpan.NOTHING);
  }

  void forEach(BiConsumer<String, JsonSpan> each) {
    values.forEach(each);
  }

  /// Writes the members, but those of `instead` with the JSON given there; one whose JSON is empty
  /// is left out.
  void write(JsonWriter out, Map<String, String> instead) {
    values.forEach((name, value) -> {
      String other = instead.get(name);
      if (other == null) {
        value.write(out.name(name.getBytes(UTF_8)));
      } else if (!other.isEmpty()) {
        byte[] json = other.getBytes(US_ASCII);
        out.name(name.getBytes(UTF_8)).raw(json, 0, json.length);
      }
    });
  }
}
