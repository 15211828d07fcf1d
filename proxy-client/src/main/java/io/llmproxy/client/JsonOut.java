package io.llmproxy.client;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.JsonText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a value that was read, such as a tool's arguments.
final class JsonOut {

  private JsonOut() {}

  static String write(Json json) {
    ByteBuf out = Unpooled.buffer();
    value(new JsonWriter(out), json.value());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void value(JsonWriter out, @Nullable Object value) {
    switch (value) {
      case null -> out.nothing();
      case String text -> out.string(text);
      case Boolean flag -> out.bool(flag);
      case Json.Num number -> Body.raw(out, number.text());
      case List<?> list -> {
        out.startArray();
        list.forEach(item -> value(out, item));
        out.endArray();
      }
      case Map<?, ?> map -> {
        out.startObject();
        map.forEach((name, member) -> {
          byte[] quoted = JsonText.quoted(String.valueOf(name));
          value(out.name(quoted, 1, quoted.length - 1), member);
        });
        out.endObject();
      }
      default -> throw new IllegalStateException("not of JSON: " + value.getClass());
    }
  }
}
