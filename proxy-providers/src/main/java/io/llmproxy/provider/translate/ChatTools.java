package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;

/// Writes the tools of a chat request and which of them must be used.
final class ChatTools {
  private static final MemberNames MEMBERS =
      MemberNames.of("type", "name", "description", "input_schema", "strict", "cache_control");
  private static final MemberNames CHOICE =
      MemberNames.of("type", "name", "disable_parallel_tool_use");

  private final ChatDraft draft;

  ChatTools(ChatDraft draft) {
    this.draft = draft;
  }

  /// Writes `tools` and `choice` where they say anything; whether there are tools.
  boolean write(JsonSpan tools, JsonSpan choice) {
    JsonSpan[] chosen = choice.members(CHOICE);
    if (tools.isPresent() && !tools.isArray()) {
      draft.wrong("tools", tools, "an array of tools");
    }
    if (choice.isPresent() && !chosen[0].isString()) {
      draft.wrong("tool_choice.type", chosen[0], "\"auto\", \"any\", \"tool\" or \"none\"");
    }
    List<JsonSpan> custom = custom(tools);
    boolean forbidden = !draft.target().takesToolChoice() && chosen[0].is("none");
    if (custom.isEmpty() || forbidden) {
      // A choice among no tools is an error to every provider.
      if (choice.isPresent() && !forbidden) {
        draft.drop("tool_choice");
      }
      return false;
    }
    draft.name("tools").startArray();
    for (JsonSpan tool : custom) {
      writeTool(tool.members(MEMBERS));
    }
    draft.json().endArray();
    if (choice.isPresent()) {
      writeChoice(chosen, custom);
    }
    return true;
  }

  /// The tools that a caller runs itself by their schema; the others are Anthropic's own.
  private List<JsonSpan> custom(JsonSpan tools) {
    List<JsonSpan> custom = new ArrayList<>();
    JsonCursor cursor = tools.cursor();
    if (!tools.isArray() || !cursor.enterArray()) {
      return custom;
    }
    for (int index = 0; cursor.nextElement(); index++) {
      JsonSpan tool = JsonSpan.next(tools.bytes(), cursor);
      JsonSpan[] at = tool.members(MEMBERS);
      String where = "tools[" + index + "]";
      if (!tool.isObject()) {
        draft.wrong(where, tool, "a tool");
      } else if (at[0].isString() && !at[0].is("custom")) {
        draft.drop("tools." + at[0].word());
      } else if (!at[1].isText()) {
        draft.wrong(where + ".name", at[1], "a string that is not empty");
      } else {
        dropOthers(tool);
        custom.add(tool);
      }
    }
    return custom;
  }

  private void dropOthers(JsonSpan tool) {
    JsonCursor cursor = tool.cursor();
    cursor.enterObject();
    while (cursor.nextName()) {
      if (MEMBERS.placeOf(cursor) < 0) {
        draft.drop("tools." + JsonSpan.name(tool.bytes(), cursor));
      }
      cursor.skipValue();
    }
  }

  private void writeTool(JsonSpan[] at) {
    draft.json().startObject();
    draft.name("type");
    draft.plain("function");
    draft.name("function").startObject();
    draft.name("name");
    draft.raw(at[1]);
    if (at[2].isPresent()) {
      draft.name("description");
      draft.raw(at[2]);
    }
    draft.name("parameters");
    if (at[3].isPresent()) {
      draft.raw(at[3]);
    } else {
      draft.json().startObject();
      draft.name("type");
      draft.plain("object");
      draft.name("properties").startObject().endObject().endObject();
    }
    if (at[4].isTrue()) {
      writeStrict(at[3]);
    }
    if (at[5].isPresent()) {
      draft.drop("cache_control");
    }
    draft.json().endObject().endObject();
  }

  private void writeStrict(JsonSpan schema) {
    if (draft.target().takesStrictTools() && StrictSchema.allows(schema)) {
      draft.name("strict").bool(true);
    } else {
      draft.drop("tools.strict");
    }
  }

  private void writeChoice(JsonSpan[] chosen, List<JsonSpan> custom) {
    if (!draft.target().takesToolChoice()) {
      if (!chosen[0].is("auto")) {
        draft.drop("tool_choice");
      }
    } else if (chosen[0].is("tool")) {
      writeNamed(chosen[1], custom);
    } else {
      String word = word(chosen[0]);
      if (!word.isEmpty()) {
        draft.name("tool_choice");
        draft.plain(word);
      }
    }
    if (chosen[2].isTrue()) {
      if (draft.target().takesToolChoice()) {
        draft.name("parallel_tool_calls").bool(false);
      } else {
        draft.drop("tool_choice.disable_parallel_tool_use");
      }
    }
  }

  private String word(JsonSpan type) {
    return switch (type.word()) {
      case "auto" -> "auto";
      case "any" -> "required";
      case "none" -> "none";
      default -> {
        draft.wrong("tool_choice.type", type, "\"auto\", \"any\", \"tool\" or \"none\"");
        yield "";
      }
    };
  }

  /// A tool that was left out cannot be chosen.
  private void writeNamed(JsonSpan name, List<JsonSpan> custom) {
    if (!name.isText()) {
      draft.wrong("tool_choice.name", name, "the name of a tool");
      return;
    }
    boolean known = custom.stream().anyMatch(tool -> tool.members(MEMBERS)[1].isSameAs(name));
    if (!known) {
      draft.drop("tool_choice");
      return;
    }
    draft.name("tool_choice").startObject();
    draft.name("type");
    draft.plain("function");
    draft.name("function").startObject();
    draft.name("name");
    draft.raw(name);
    draft.json().endObject().endObject();
  }
}
