package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;

/// Writes the tools of a Chat request, and which of them are to be called.
final class Tools {

  private enum Tool {
    TYPE,
    FUNCTION,
    CACHE_CONTROL
  }

  private enum Function {
    NAME,
    DESCRIPTION,
    PARAMETERS,
    STRICT,
    CACHE_CONTROL
  }

  private enum Schema {
    TYPE
  }

  private static final byte[] NO_PARAMETERS =
      "{\"type\":\"object\",\"properties\":{}}".getBytes(US_ASCII);

  private final ChatRequest request;
  private final byte[] body;
  private final Members<ChatField> fields;
  private final JsonWriter out;
  private final SchemaWriter schemas;
  private final Members<Tool> tool = new Members<>(Tool.class);
  private final Members<Function> function = new Members<>(Function.class);
  private final Members<Schema> schema = new Members<>(Schema.class);
  private int written;

  Tools(ChatRequest request, JsonWriter out, SchemaWriter schemas) {
    this.request = request;
    this.body = request.body();
    this.fields = request.fields();
    this.out = out;
    this.schemas = schemas;
  }

  /// Writes `tools` and `tool_choice`. `forceable` says whether a call can be forced.
  void write(boolean forceable) {
    refuseOlderForm(ChatField.FUNCTIONS, "tools instead");
    refuseOlderForm(ChatField.FUNCTION_CALL, "tool_choice instead");
    ToolChoice choice = ToolChoice.of(request, forceable);
    if (fields.first(ChatField.TOOLS) == '[') {
      writeTools(choice);
    } else if (fields.has(ChatField.TOOLS)) {
      request.refuse(ChatField.TOOLS, "no array", "an array of tools");
    }
    boolean wanted = choice.name() != null || choice.only() != null || "any".equals(choice.type());
    if (written > 0) {
      choice.write(out, fields.isFalse(ChatField.PARALLEL_TOOL_CALLS));
    } else if (wanted) {
      request.refuse(ChatField.TOOL_CHOICE, "a choice without a tool", "one that tools holds");
    }
  }

  private void writeTools(ToolChoice choice) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, fields.from(ChatField.TOOLS), body.length);
    cursor.enterArray();
    boolean named = choice.name() == null;
    while (cursor.nextElement()) {
      tool.read(body, cursor.valueStart(), body.length);
      cursor.skipValue();
      boolean isFunction = !tool.has(Tool.TYPE) || tool.is(Tool.TYPE, "function");
      if (!isFunction || tool.first(Tool.FUNCTION) != '{') {
        refuse("a tool of type \"" + tool.text(Tool.TYPE) + "\"", "tools of type function");
        return;
      }
      function.read(body, tool.from(Tool.FUNCTION), body.length);
      String name = function.text(Function.NAME);
      named |= name.equals(choice.name());
      if (choice.allows(name)) {
        writeTool();
      }
    }
    if (written > 0) {
      out.endArray();
    }
    if (!named) {
      request.refuse(ChatField.TOOL_CHOICE, "\"" + choice.name() + "\"", "a tool of tools");
    }
  }

  private void writeTool() {
    if (!function.hasText(Function.NAME)) {
      refuse("a function without a name", "a name");
      return;
    }
    if (written == 0) {
      out.name("tools").startArray();
    }
    written++;
    out.startObject().name("name");
    out.escaped(body, function.insideFrom(Function.NAME), function.insideTo(Function.NAME));
    if (function.hasText(Function.DESCRIPTION)) {
      int from = function.insideFrom(Function.DESCRIPTION);
      out.name("description").escaped(body, from, function.insideTo(Function.DESCRIPTION));
    }
    boolean strict = function.isTrue(Function.STRICT);
    if (strict && !request.model().nativeJsonSchema()) {
      strict = false;
      request.findings().drop("tools[].function.strict");
    }
    out.name("input_schema");
    writeParameters(strict);
    if (strict) {
      out.name("strict").bool(true);
    }
    if (tool.first(Tool.CACHE_CONTROL) == '{') {
      out.name("cache_control");
      out.raw(body, tool.from(Tool.CACHE_CONTROL), tool.to(Tool.CACHE_CONTROL));
    } else if (function.first(Function.CACHE_CONTROL) == '{') {
      out.name("cache_control");
      out.raw(body, function.from(Function.CACHE_CONTROL), function.to(Function.CACHE_CONTROL));
    }
    out.endObject();
  }

  private void writeParameters(boolean strict) {
    if (!function.has(Function.PARAMETERS)) {
      out.raw(NO_PARAMETERS, 0, NO_PARAMETERS.length);
      return;
    }
    int from = function.from(Function.PARAMETERS);
    int to = function.to(Function.PARAMETERS);
    boolean object = schema.read(body, from, body.length);
    if (!object || (schema.has(Schema.TYPE) && !schema.is(Schema.TYPE, "object"))) {
      refuse("parameters that are no object", "parameters of type object");
    } else if (strict) {
      schemas.write(from, "tools[].function.parameters");
    } else if (schema.has(Schema.TYPE)) {
      out.raw(body, from, to);
    } else if (isEmpty(from)) {
      out.raw(NO_PARAMETERS, 0, NO_PARAMETERS.length);
    } else {
      out.startObject().name("type").string("object").raw(body, from + 1, to - 1).endObject();
    }
  }

  private boolean isEmpty(int from) {
    JsonCursor cursor = new JsonCursor();
    cursor.reset(body, from, body.length);
    return cursor.enterObject() && !cursor.nextName();
  }

  private void refuseOlderForm(ChatField field, String expected) {
    if (fields.has(field)) {
      request.refuse(field, "given", expected);
    }
  }

  private void refuse(String found, String expected) {
    request.refuse(ChatField.TOOLS, found, expected);
  }
}
