package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.Set;

/// Writes a JSON schema as Anthropic's models keep to it: objects are closed, `oneOf` is `anyOf`,
/// and what they are not held to, such as the bounds of a number, is told in the description.
final class SchemaWriter {
  /// A schema that nests deeper is refused; also the bound of the recursion here.
  private static final int DEEPEST = 100;

  private static final Set<String> TOLD =
      Set.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties");

  private static final byte[] OBJECT = "object".getBytes(US_ASCII);

  private final ChatRequest request;
  private final byte[] body;
  private final JsonWriter out;
  private final ByteBuf bytes;
  private String field = "";
  private int depth;

  /// Borrows `bytes`, which `out` writes to.
  SchemaWriter(ChatRequest request, JsonWriter out, ByteBuf bytes) {
    this.request = request;
    this.body = request.body();
    this.out = out;
    this.bytes = bytes;
  }

  /// Writes the schema at `from`. `field` is how a refusal names it.
  void write(int from, String field) {
    this.field = field;
    schema(from);
  }

  /// What is to be known of a schema before its first member is written.
  private static final class Seen {
    boolean object;
    boolean anyOf;
    boolean told;
    int descriptionFrom;
    int descriptionTo;
  }

  private void schema(int from) {
    JsonCursor cursor = at(from);
    if (!cursor.isAt('{') || depth == DEEPEST) {
      if (depth == DEEPEST) {
        request.findings().refuse(field, "a schema that nests deeper", DEEPEST + " levels at most");
      }
      cursor.skipValue();
      out.raw(body, from, cursor.valueEnd());
      return;
    }
    depth++;
    Seen seen = look(from);
    out.startObject();
    cursor.enterObject();
    while (cursor.nextName()) {
      int nameFrom = cursor.stringFrom();
      int nameTo = cursor.stringTo();
      int value = cursor.valueStart();
      cursor.skipValue();
      member(nameFrom, nameTo, value, cursor.valueEnd(), seen);
    }
    describe(from, seen);
    if (seen.object) {
      out.name("additionalProperties").bool(false);
    }
    out.endObject();
    depth--;
  }

  private Seen look(int from) {
    Seen seen = new Seen();
    JsonCursor cursor = at(from);
    cursor.enterObject();
    while (cursor.nextName()) {
      String name = name(cursor);
      int value = cursor.valueStart();
      switch (name) {
        case "type" -> seen.object |= isObject(value);
        case "properties" -> seen.object = true;
        case "anyOf" -> seen.anyOf = true;
        case "description" -> {
          if (cursor.readString()) {
            seen.descriptionFrom = cursor.stringFrom();
            seen.descriptionTo = cursor.stringTo();
          }
          continue;
        }
        default -> seen.told |= isTold(name, value);
      }
      cursor.skipValue();
    }
    return seen;
  }

  private void member(int nameFrom, int nameTo, int value, int valueTo, Seen seen) {
    String name = new String(body, nameFrom, nameTo - nameFrom, US_ASCII);
    switch (name) {
      case "description" -> {}
      case "additionalProperties" -> {
        if (body[value] == '{') {
          request.findings().refuse(field, "an object of any properties", "named properties only");
        }
      }
      case "properties", "$defs", "definitions" -> {
        out.name(body, nameFrom, nameTo);
        each(value);
      }
      case "items" -> {
        out.name(name);
        schema(value);
      }
      case "anyOf", "allOf" -> {
        out.name(name);
        list(value);
      }
      case "oneOf" -> {
        if (seen.anyOf) {
          request.findings().refuse(field, "oneOf beside anyOf", "one of them");
        }
        out.name("anyOf");
        list(value);
      }
      default -> {
        if (!isTold(name, value)) {
          out.name(body, nameFrom, nameTo).raw(body, value, valueTo);
        }
      }
    }
  }

  /// Writes an object whose members are schemas.
  private void each(int from) {
    JsonCursor cursor = at(from);
    out.startObject();
    if (cursor.enterObject()) {
      while (cursor.nextName()) {
        out.name(body, cursor.stringFrom(), cursor.stringTo());
        schema(cursor.valueStart());
        cursor.skipValue();
      }
    }
    out.endObject();
  }

  private void list(int from) {
    JsonCursor cursor = at(from);
    out.startArray();
    if (cursor.enterArray()) {
      while (cursor.nextElement()) {
        schema(cursor.valueStart());
        cursor.skipValue();
      }
    }
    out.endArray();
  }

  /// Writes the description and, after it, what the model is not held to.
  private void describe(int from, Seen seen) {
    boolean described = seen.descriptionFrom < seen.descriptionTo;
    if (!described && !seen.told) {
      return;
    }
    out.name("description").openString();
    out.part(body, seen.descriptionFrom, seen.descriptionTo);
    if (seen.told) {
      tell(from, described ? " (" : "(");
    }
    out.closeString();
  }

  private void tell(int from, String opening) {
    String separator = opening;
    JsonCursor cursor = at(from);
    cursor.enterObject();
    while (cursor.nextName()) {
      String name = name(cursor);
      int value = cursor.valueStart();
      cursor.skipValue();
      if (isTold(name, value)) {
        bytes.writeCharSequence(separator + name + ": ", US_ASCII);
        JsonStrings.writeQuoted(bytes, body, value, cursor.valueEnd());
        separator = ", ";
      }
    }
    bytes.writeByte(')');
  }

  private boolean isTold(String name, int value) {
    // At least none, or one, is what they can be held to.
    boolean few = body[value] == '0' || body[value] == '1';
    boolean alone = value + 1 >= body.length || body[value + 1] < '0' || body[value + 1] > '9';
    return TOLD.contains(name) || (name.equals("minItems") && !(few && alone));
  }

  private boolean isObject(int value) {
    JsonCursor cursor = at(value);
    if (cursor.isAt('"')) {
      return cursor.readString() && cursor.is(OBJECT);
    }
    boolean object = false;
    if (cursor.enterArray()) {
      while (cursor.nextElement()) {
        object |= cursor.readString() && cursor.is(OBJECT);
      }
    }
    return object;
  }

  private String name(JsonCursor cursor) {
    int from = cursor.stringFrom();
    return new String(body, from, cursor.stringTo() - from, US_ASCII);
  }

  private JsonCursor at(int from) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, from, body.length);
    return cursor;
  }
}
