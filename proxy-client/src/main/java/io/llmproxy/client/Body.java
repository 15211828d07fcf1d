package io.llmproxy.client;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.JsonText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Writes the body of a request, in which members given as JSON text take the place of ours.
final class Body {

  private final JsonWriter json;
  private final Set<String> replaced;

  private Body(JsonWriter json, Set<String> replaced) {
    this.json = json;
    this.replaced = replaced;
  }

  /// Gives an object of the members that `writer` writes, and of those of `raw`.
  static ByteBuf object(Map<String, String> raw, Consumer<Body> writer) {
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
    JsonWriter json = new JsonWriter(out);
    json.startObject();
    writer.accept(new Body(json, raw.keySet()));
    raw.forEach((name, value) -> {
      byte[] inside = inside(name);
      json.name(inside, 0, inside.length);
      raw(json, value);
    });
    json.endObject();
    return out;
  }

  /// The bytes of a name between its quotes, escaped.
  private static byte[] inside(String name) {
    byte[] quoted = JsonText.quoted(name);
    return Arrays.copyOfRange(quoted, 1, quoted.length - 1);
  }

  /// A value that is JSON text already.
  static void raw(JsonWriter json, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    json.raw(bytes, 0, bytes.length);
  }

  /// A member, unless another stands in its place.
  Body member(String name, Consumer<JsonWriter> value) {
    if (!replaced.contains(name)) {
      json.name(name);
      value.accept(json);
    }
    return this;
  }

  /// Likewise, where `wanted`.
  Body memberIf(boolean wanted, String name, Consumer<JsonWriter> value) {
    return wanted ? member(name, value) : this;
  }
}
