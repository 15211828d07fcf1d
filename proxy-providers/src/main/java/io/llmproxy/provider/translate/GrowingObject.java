package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON object that is put together of what the records of a stream say of it. Strings are kept
/// as the escaped bytes they arrived in.
///
/// What there is no [Room] for is not kept.
final class GrowingObject {
  private static final String INDEX = "index";
  private static final byte[] COMMA = {','};

  private final Room room;
  private final Map<String, Member> members = new LinkedHashMap<>();

  /// The value of a member.
  private sealed interface Member {
    /// Writes the value to `out`, at which `json` writes too.
    void write(JsonWriter json, ByteBuf out);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Whole(byte[] json) implements Member {
    @Override
    public void write(JsonWriter writer, ByteBuf out) {
      writer.raw(json, 0, json.length);
    }
  }

  private record Text(HeldBytes inside) implements Member {
    @Override
    public void write(JsonWriter json, ByteBuf out) {
      json.openString();
      JsonStrings.writeInside(out, inside.array(), 0, inside.length());
      json.closeString();
    }
  }

  /// Elements, with commas between them.
  private record Items(HeldBytes elements) implements Member {
    @Override
    public void write(JsonWriter json, ByteBuf out) {
      json.startArray();
      out.writeBytes(elements.array(), 0, elements.length());
      json.endArray();
    }
  }

  private record Inner(GrowingObject object) implements Member {
    @Override
    public void write(JsonWriter json, ByteBuf out) {
      object.write(json, out);
    }
  }

  private record Inners(List<GrowingObject> objects) implements Member {
    @Override
    public void write(JsonWriter json, ByteBuf out) {
      json.startArray();
      objects.forEach(each -> each.write(json, out));
      json.endArray();
    }
  }

  GrowingObject(Room room) {
    this.room = room;
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /// The member is `value`; null changes nothing that is there.
  void set(String name, JsonSpan value) {
    Member before = members.get(name);
    if (before != null && !value.isPresent()) {
      return;
    }
    if (before instanceof Whole(byte[] json)) {
      boolean same = Arrays.equals(json, 0, json.length, value.bytes(), value.from(), value.to());
      if (same || !room.take(Math.max(0, value.to() - value.from() - json.length))) {
        return;
      }
    } else if (!room.takeNew(value.to() - value.from())) {
      return;
    }
    byte[] json = Arrays.copyOfRange(value.bytes(), value.from(), value.to());
    members.put(name, new Whole(json));
  }

  /// The inside of `string` is the next of the member, a string.
  void append(String name, JsonSpan string) {
    int bytes = string.insideTo() - string.insideFrom();
    if (members.get(name) instanceof Text(HeldBytes inside)) {
      if (room.take(bytes)) {
        inside.add(string.bytes(), string.insideFrom(), string.insideTo());
      }
    } else if (room.takeNew(bytes)) {
      HeldBytes begun = new HeldBytes();
      begun.add(string.bytes(), string.insideFrom(), string.insideTo());
      members.put(name, new Text(begun));
    }
  }

  /// `element` is the next of the member, an array.
  void add(String name, JsonSpan element) {
    HeldBytes elements = elements(name);
    if (room.take(element.to() - element.from() + 1)) {
      if (elements.length() > 0) {
        elements.add(COMMA, 0, COMMA.length);
      }
      elements.add(element.bytes(), element.from(), element.to());
    }
  }

  /// The elements of `array` are the next of the member, which is an array, be it empty.
  void extend(String name, JsonSpan array) {
    elements(name);
    array.forEach(element -> add(name, element));
  }

  private HeldBytes elements(String name) {
    if (members.get(name) instanceof Items(HeldBytes elements)) {
      return elements;
    }
    HeldBytes elements = new HeldBytes();
    if (room.takeNew(0)) {
      members.put(name, new Items(elements));
    }
    return elements;
  }

  /// The member, an object.
  GrowingObject inner(String name) {
    if (members.get(name) instanceof Inner(GrowingObject object)) {
      return object;
    }
    GrowingObject inner = new GrowingObject(room);
    if (room.takeNew(0)) {
      members.put(name, new Inner(inner));
    }
    return inner;
  }

  /// The objects that the member is an array of: so far none, unless some were added.
  List<GrowingObject> inners(String name) {
    if (members.get(name) instanceof Inners(List<GrowingObject> objects)) {
      return objects;
    }
    List<GrowingObject> objects = new ArrayList<>();
    if (room.takeNew(0)) {
      members.put(name, new Inners(objects));
    }
    return objects;
  }

  /// A new object at the end of [#inners].
  GrowingObject addInner(String name) {
    List<GrowingObject> objects = inners(name);
    GrowingObject inner = new GrowingObject(room);
    if (room.takeNew(0)) {
      objects.add(inner);
    }
    return inner;
  }

  /// The one of [#inners] whose index is `index`; a new one where there is none.
  GrowingObject numbered(String name, JsonSpan index) {
    List<GrowingObject> objects = inners(name);
    for (int i = objects.size() - 1; i >= 0; i--) {
      if (objects.get(i).members.get(INDEX) instanceof Whole(byte[] json)
          && Arrays.equals(json, 0, json.length, index.bytes(), index.from(), index.to())) {
        return objects.get(i);
      }
    }
    room.count(objects.size() + 1);
    GrowingObject inner = addInner(name);
    inner.set(INDEX, index);
    return inner;
  }

  /// The string without its escapes that the member is, empty where it is none.
  String text(String name) {
    return switch (members.get(name)) {
      case Text(HeldBytes inside) -> JsonStrings.unescaped(inside.array(), 0, inside.length());
      case Whole(byte[] json) when json.length > 1 && json[0] == '"' ->
          JsonStrings.unescaped(json, 1, json.length - 1);
      case null, default -> "";
    };
  }

  /// Writes the object to `out`, at which `json` writes too.
  void write(JsonWriter json, ByteBuf out) {
    json.startObject();
    members.forEach((name, member) -> {
      json.name(name.getBytes(UTF_8));
      member.write(json, out);
    });
    json.endObject();
  }
}
