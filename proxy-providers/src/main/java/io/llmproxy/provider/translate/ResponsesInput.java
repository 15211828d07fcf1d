package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.List;

/// Writes the `messages` of a chat request: the instructions, then what the items of the input say.
///
/// What the assistant said between two turns of others, be it reasoning, texts or calls, is one
/// message, since results must follow the message that holds all calls of a turn.
final class ResponsesInput {
  static final String NEEDS_A_STORE =
      " (expected: none; it needs a store of earlier responses, and none is kept here)";

  private static final String REFERENCE =
      "an item_reference (expected: the item itself, which clients send when told store: false; it"
          + " needs a store of earlier responses, and none is kept here)";

  private static final MemberNames ITEM = MemberNames.of(Item.class);

  private enum Item {
    TYPE,
    ROLE,
    CONTENT,
    ID,
    STATUS,
    CALL_ID,
    NAME,
    ARGUMENTS,
    OUTPUT,
    SUMMARY,
    ENCRYPTED_CONTENT
  }

  private final ChatDraft draft;
  private final ChatScalars scalars;
  private final ResponsesAssistant assistant;
  private final ResponsesUser user;

  ResponsesInput(ChatDraft draft) {
    this.draft = draft;
    this.scalars = new ChatScalars(draft);
    this.assistant = new ResponsesAssistant(draft);
    this.user = new ResponsesUser(draft);
  }

  void write(JsonSpan instructions, JsonSpan input) {
    draft.name("messages").startArray();
    if (instructions.isString()) {
      if (instructions.isText()) {
        writeMessage(system(), instructions);
      }
    } else if (instructions.isPresent()) {
      draft.wrong("instructions", instructions, "a string");
    }
    if (input.isString()) {
      writeMessage("user", input);
    } else if (input.isArray()) {
      writeItems(input);
    } else {
      draft.wrong("input", input, "a string or an array of items");
    }
    draft.json().endArray();
  }

  private void writeItems(JsonSpan input) {
    JsonCursor cursor = input.cursor();
    cursor.enterArray();
    int index = 0;
    while (cursor.nextElement()) {
      String where = "input[" + index++ + "]";
      JsonSpan item = JsonSpan.next(input.bytes(), cursor);
      if (!item.isObject()) {
        draft.wrong(where, item, "an item");
        return;
      }
      writeItem(where, item);
    }
    if (index == 0) {
      draft.refuse("input", "an empty array (expected: at least one item)");
    }
    assistant.flush();
    user.flushMoved();
  }

  private void writeItem(String where, JsonSpan item) {
    JsonSpan[] at = item.members(ITEM);
    String type = at[0].isPresent() ? at[0].word() : "message";
    switch (type) {
      case "message" -> writeMessage(where, at);
      case "function_call" -> {
        user.flushMoved();
        addCall(where, at);
      }
      case "reasoning" -> {
        user.flushMoved();
        addReasoning(where, at);
      }
      case "function_call_output" -> {
        assistant.flush();
        user.writeResult(where, at[Item.CALL_ID.ordinal()], at[Item.OUTPUT.ordinal()]);
      }
      case "item_reference" -> draft.unsupported(where, REFERENCE);
      default -> leaveOut(where, type);
    }
    scalars.dropUnknown(item, ITEM, "input.");
  }

  private void writeMessage(String where, JsonSpan[] at) {
    JsonSpan content = at[Item.CONTENT.ordinal()];
    JsonSpan role = at[Item.ROLE.ordinal()];
    String word = role.word();
    List<ResponsesPart> parts = ResponsesPart.all(where + ".content", content, draft);
    user.flushMoved();
    if (word.equals("assistant")) {
      assistant.addTexts(parts);
      return;
    }
    assistant.flush();
    switch (word) {
      case "user" -> user.write(parts);
      case "system", "developer" -> writeSystem(parts);
      default ->
          draft.wrong(
              where + ".role", role, "\"user\", \"assistant\", \"system\" or \"developer\"");
    }
  }

  private void writeSystem(List<ResponsesPart> parts) {
    draft.json().startObject();
    draft.name("role");
    draft.plain(system());
    draft.name("content");
    ResponsesPart.writeTexts(parts, draft);
    draft.json().endObject();
  }

  private void writeMessage(String role, JsonSpan text) {
    draft.json().startObject();
    draft.name("role");
    draft.plain(role);
    draft.name("content");
    draft.raw(text);
    draft.json().endObject();
  }

  private void addCall(String where, JsonSpan[] at) {
    JsonSpan id = at[Item.CALL_ID.ordinal()];
    JsonSpan name = at[Item.NAME.ordinal()];
    JsonSpan arguments = at[Item.ARGUMENTS.ordinal()];
    if (!id.isText()) {
      draft.wrong(where + ".call_id", id, "a string that is not empty");
    } else if (!name.isText()) {
      draft.wrong(where + ".name", name, "a string that is not empty");
    } else if (!arguments.isString()) {
      draft.wrong(where + ".arguments", arguments, "a string that holds JSON");
    } else {
      assistant.addCall(id, name, arguments);
    }
  }

  /// What only OpenAI can read of its reasoning is nothing to others.
  private void addReasoning(String where, JsonSpan[] at) {
    JsonSpan content = at[Item.CONTENT.ordinal()];
    JsonSpan summary = at[Item.SUMMARY.ordinal()];
    boolean whole = content.isArray() && ResponsesPart.isAny(content);
    JsonSpan told = whole ? content : summary;
    if (draft.target().reasoningField().isEmpty()) {
      draft.drop("input.reasoning");
    } else if (told.isPresent()) {
      assistant.addThoughts(
          ResponsesPart.all(where + (whole ? ".content" : ".summary"), told, draft));
    }
    if (at[Item.ENCRYPTED_CONTENT.ordinal()].isPresent()) {
      draft.drop("input.reasoning.encrypted_content");
    }
  }

  /// What OpenAI's own tools did while the model answered is left out; what the caller did for a
  /// tool that Chat Completions does not have, and what holds a conversation in a form that only
  /// OpenAI reads, is not.
  private void leaveOut(String where, String type) {
    switch (type) {
      case "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "mcp_list_tools",
          "mcp_call" ->
          draft.drop("input." + type);
      default ->
          draft.unsupported(
              where + ".type",
              "\""
                  + type
                  + "\" (expected: message, function_call, function_call_output or reasoning; the"
                  + " provider of "
                  + draft.model().name()
                  + " knows no other)");
    }
  }

  private String system() {
    return draft.model().isOpenAiReasoning() ? "developer" : "system";
  }
}
