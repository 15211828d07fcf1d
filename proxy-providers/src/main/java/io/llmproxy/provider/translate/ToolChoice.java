package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which tools the model may call, and whether it must.
///
/// @param type `auto`, `any`, `tool` or `none`; null where the caller does not say
/// @param name of the tool it must call, null where it is free
/// @param only the names of the tools it is told of, null where it is told of all
record ToolChoice(@Nullable String type, @Nullable String name, @Nullable Set<String> only) {

  private enum Choice {
    TYPE,
    FUNCTION,
    ALLOWED_TOOLS
  }

  private enum Allowed {
    MODE,
    TOOLS
  }

  private enum Tool {
    FUNCTION
  }

  private enum Function {
    NAME
  }

  private static final ToolChoice UNSAID = new ToolChoice(null, null, null);
  private static final String EXPECTED =
      "none, auto, required, a function, or allowed_tools of functions";

  /// What the caller asks for. Where the target cannot be forced to call a tool, it is left free
  /// to, and told of no tool but the one asked for.
  static ToolChoice of(ChatRequest request, boolean forceable) {
    ToolChoice asked = read(request);
    boolean forced = "any".equals(asked.type) || "tool".equals(asked.type);
    if (!forced || forceable) {
      return asked;
    }
    request.drop(ChatField.TOOL_CHOICE);
    return new ToolChoice("auto", null, asked.name == null ? asked.only : Set.of(asked.name));
  }

  boolean allows(String tool) {
    return only == null || only.contains(tool);
  }

  /// Writes the choice; with `single`, that at most one call may be made at once.
  void write(JsonWriter out, boolean single) {
    if (type == null && !single) {
      return;
    }
    String written = type == null ? "auto" : type;
    out.name("tool_choice").startObject().name("type").string(written);
    if (name != null) {
      out.name("name").string(name);
    }
    if (single && !written.equals("none")) {
      out.name("disable_parallel_tool_use").bool(true);
    }
    out.endObject();
  }

  private static ToolChoice read(ChatRequest request) {
    Members<ChatField> fields = request.fields();
    return switch (fields.first(ChatField.TOOL_CHOICE)) {
      case 0 -> UNSAID;
      case '"' -> ofWord(request, fields.text(ChatField.TOOL_CHOICE));
      case '{' -> ofObject(request, fields.from(ChatField.TOOL_CHOICE));
      default -> refused(request, "neither a string nor an object");
    };
  }

  private static ToolChoice ofWord(ChatRequest request, String word) {
    return switch (word) {
      case "none", "auto" -> new ToolChoice(word, null, null);
      case "required" -> new ToolChoice("any", null, null);
      default -> refused(request, "\"" + word + "\"");
    };
  }

  private static ToolChoice ofObject(ChatRequest request, int from) {
    byte[] body = request.body();
    var choice = new Members<>(Choice.class);
    choice.read(body, from, body.length);
    if (choice.is(Choice.TYPE, "function") && choice.has(Choice.FUNCTION)) {
      var function = new Members<>(Function.class);
      function.read(body, choice.from(Choice.FUNCTION), body.length);
      return new ToolChoice("tool", function.text(Function.NAME), null);
    }
    if (choice.is(Choice.TYPE, "allowed_tools") && choice.has(Choice.ALLOWED_TOOLS)) {
      return ofAllowed(body, choice.from(Choice.ALLOWED_TOOLS));
    }
    return refused(request, "a choice of type \"" + choice.text(Choice.TYPE) + "\"");
  }

  private static ToolChoice ofAllowed(byte[] body, int from) {
    var allowed = new Members<>(Allowed.class);
    allowed.read(body, from, body.length);
    var tool = new Members<>(Tool.class);
    var function = new Members<>(Function.class);
    Set<String> names = new HashSet<>();
    if (allowed.first(Allowed.TOOLS) == '[') {
      JsonCursor cursor = new JsonCursor();
      cursor.reset(body, allowed.from(Allowed.TOOLS), body.length);
      cursor.enterArray();
      while (cursor.nextElement()) {
        tool.read(body, cursor.valueStart(), body.length);
        cursor.skipValue();
        if (tool.first(Tool.FUNCTION) == '{') {
          function.read(body, tool.from(Tool.FUNCTION), body.length);
          names.add(function.text(Function.NAME));
        }
      }
    }
    return new ToolChoice(allowed.is(Allowed.MODE, "required") ? "any" : "auto", null, names);
  }

  private static ToolChoice refused(ChatRequest request, String found) {
    request.refuse(ChatField.TOOL_CHOICE, found, EXPECTED);
    return UNSAID;
  }
}
