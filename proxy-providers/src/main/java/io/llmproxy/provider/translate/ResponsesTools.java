package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the functions that a chat request tells its model of, and which of them must be called.
final class ResponsesTools {
  private static final MemberNames MEMBERS =
      MemberNames.of("type", "name", "description", "parameters", "strict");
  private static final MemberNames CHOICE = MemberNames.of("type", "name", "mode", "tools");
  private static final String CHOICES =
      "\"none\", \"auto\", \"required\", a function, or allowed_tools of functions";

  private final ChatDraft draft;
  private final ChatScalars scalars;

  ResponsesTools(ChatDraft draft) {
    this.draft = draft;
    this.scalars = new ChatScalars(draft);
  }

  /// What is chosen among the tools.
  ///
  /// @param word `none`, `auto` or `required`; empty where the caller does not say
  /// @param name of the function that must be called, null where none must
  /// @param only the names of the functions that may be called, null where all may
  private record Choice(String word, @Nullable JsonSpan name, @Nullable List<JsonSpan> only) {

    boolean isForced() {
      return word.equals("required") || name != null;
    }
  }

  /// Writes `tools`, `choice` and `parallel` where they say anything; whether there are tools.
  boolean write(JsonSpan tools, JsonSpan choice, JsonSpan parallel) {
    if (tools.isPresent() && !tools.isArray()) {
      draft.wrong("tools", tools, "an array of tools");
    }
    Choice chosen = choice(choice);
    List<JsonSpan[]> functions = functions(tools);
    JsonSpan name = chosen.name();
    if (name != null && functions.stream().noneMatch(function -> function[1].isSameAs(name))) {
      draft.refuse("tool_choice.name", "\"" + name.word() + "\" (expected: a name among tools)");
    }
    List<JsonSpan> only = chosen.only();
    if (only != null) {
      // Told of no others, the model can call no others.
      functions.removeIf(function -> only.stream().noneMatch(function[1]::isSameAs));
    }
    boolean forbidden = !draft.target().takesToolChoice() && chosen.word().equals("none");
    if (functions.isEmpty() || forbidden) {
      // A choice among no tools is an error to every provider.
      if (chosen.isForced()) {
        draft.refuse("tool_choice", choice.kind() + " (expected: tools to choose from)");
      }
      return false;
    }
    draft.name("tools").startArray();
    functions.forEach(this::writeFunction);
    draft.json().endArray();
    writeChoice(chosen);
    writeParallel(parallel);
    return true;
  }

  /// The members of each tool, all of which must be functions: what OpenAI runs itself, others do
  /// not.
  private List<JsonSpan[]> functions(JsonSpan tools) {
    List<JsonSpan[]> functions = new ArrayList<>();
    JsonCursor cursor = tools.cursor();
    if (!tools.isArray() || !cursor.enterArray()) {
      return functions;
    }
    for (int index = 0; cursor.nextElement(); index++) {
      String where = "tools[" + index + "]";
      JsonSpan tool = JsonSpan.next(tools.bytes(), cursor);
      JsonSpan[] at = tool.members(MEMBERS);
      if (!tool.isObject()) {
        draft.wrong(where, tool, "a tool");
      } else if (!at[0].is("function")) {
        refuseHosted(where, at[0]);
      } else if (!at[1].isText()) {
        draft.wrong(where + ".name", at[1], "a string that is not empty");
      } else {
        scalars.dropUnknown(tool, MEMBERS, "tools.");
        functions.add(at);
      }
    }
    return functions;
  }

  private void refuseHosted(String where, JsonSpan type) {
    if (!type.isString()) {
      draft.wrong(where + ".type", type, "\"function\"");
      return;
    }
    draft.unsupported(
        where + ".type",
        "\""
            + type.word()
            + "\" (expected: function; the provider of "
            + draft.model().name()
            + " has no such tool)");
  }

  private void writeFunction(JsonSpan[] at) {
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
    draft.json().endObject().endObject();
  }

  private void writeStrict(JsonSpan schema) {
    if (draft.target().takesStrictTools() && StrictSchema.allows(schema)) {
      draft.name("strict").bool(true);
    } else {
      draft.drop("tools.strict");
    }
  }

  private Choice choice(JsonSpan choice) {
    if (!choice.isPresent()) {
      return new Choice("", null, null);
    }
    JsonSpan[] at = choice.members(CHOICE);
    if (choice.is("none") || choice.is("auto") || choice.is("required")) {
      return new Choice(choice.word(), null, null);
    }
    if (at[0].is("function") && at[1].isText()) {
      return new Choice("", at[1], null);
    }
    if (at[0].is("allowed_tools") && at[3].isArray()) {
      return new Choice(at[2].is("required") ? "required" : "auto", null, allowed(at[3]));
    }
    if (at[0].isString()) {
      draft.unsupported(
          "tool_choice", "of type \"" + at[0].word() + "\" (expected: " + CHOICES + ")");
    } else {
      draft.wrong("tool_choice", choice, CHOICES);
    }
    return new Choice("", null, null);
  }

  private List<JsonSpan> allowed(JsonSpan tools) {
    List<JsonSpan> names = new ArrayList<>();
    JsonCursor cursor = tools.cursor();
    cursor.enterArray();
    for (int index = 0; cursor.nextElement(); index++) {
      JsonSpan[] at = JsonSpan.next(tools.bytes(), cursor).members(MEMBERS);
      if (at[0].is("function") && at[1].isText()) {
        names.add(at[1]);
      } else {
        draft.wrong("tool_choice.tools[" + index + "].type", at[0], "\"function\", and a name");
      }
    }
    return names;
  }

  private void writeChoice(Choice chosen) {
    JsonSpan name = chosen.name();
    if (!draft.target().takesToolChoice()) {
      if (chosen.isForced()) {
        draft.drop("tool_choice");
      }
    } else if (name != null) {
      draft.name("tool_choice").startObject();
      draft.name("type");
      draft.plain("function");
      draft.name("function").startObject();
      draft.name("name");
      draft.raw(name);
      draft.json().endObject().endObject();
    } else if (!chosen.word().isEmpty()) {
      draft.name("tool_choice");
      draft.plain(chosen.word());
    }
  }

  private void writeParallel(JsonSpan parallel) {
    if (!parallel.isFalse()) {
      return;
    }
    if (draft.target().takesToolChoice()) {
      draft.name("parallel_tool_calls").bool(false);
    } else {
      draft.drop("parallel_tool_calls");
    }
  }
}
