package io.llmproxy.provider.translate;

import java.util.ArrayList;
import java.util.List;

/// What the assistant said since another did, gathered from items until it is written as one
/// message of a chat request.
final class ResponsesAssistant {
  private static final String APART = "\\n\\n";
  private static final String NO_ARGUMENTS = "{}";

  private final ChatDraft draft;
  private final List<List<ResponsesPart>> texts = new ArrayList<>();
  private final List<ResponsesPart> thoughts = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();

  private record Call(JsonSpan id, JsonSpan name, JsonSpan arguments) {}

  ResponsesAssistant(ChatDraft draft) {
    this.draft = draft;
  }

  /// Adds the parts of one message.
  void addTexts(List<ResponsesPart> parts) {
    texts.add(parts);
  }

  void addThoughts(List<ResponsesPart> parts) {
    thoughts.addAll(parts);
  }

  void addCall(JsonSpan id, JsonSpan name, JsonSpan arguments) {
    calls.add(new Call(id, name, arguments));
  }

  /// Writes what was added, if anything was.
  void flush() {
    if (texts.isEmpty() && thoughts.isEmpty() && calls.isEmpty()) {
      return;
    }
    draft.json().startObject();
    draft.name("role");
    draft.plain("assistant");
    writeContent();
    if (!thoughts.isEmpty()) {
      draft.name(draft.target().reasoningField());
      ResponsesPart.writeTexts(thoughts, draft);
    }
    if (!calls.isEmpty()) {
      draft.name("tool_calls").startArray();
      calls.forEach(this::writeCall);
      draft.json().endArray();
    }
    draft.json().endObject();
    texts.clear();
    thoughts.clear();
    calls.clear();
  }

  /// Providers agree that a message with nothing but calls has a content of null. The parts of one
  /// message are one text that was cut; messages are apart.
  private void writeContent() {
    draft.name("content");
    if (texts.isEmpty() && !calls.isEmpty()) {
      draft.json().nothing();
      return;
    }
    draft.json().openString();
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        draft.part(APART);
      }
      for (ResponsesPart part : texts.get(i)) {
        part.inside(draft);
      }
    }
    draft.json().closeString();
  }

  private void writeCall(Call call) {
    draft.json().startObject();
    draft.name("id");
    draft.raw(call.id());
    draft.name("type");
    draft.plain("function");
    draft.name("function").startObject();
    draft.name("name");
    draft.raw(call.name());
    draft.name("arguments");
    if (call.arguments().isText()) {
      draft.raw(call.arguments());
    } else {
      draft.plain(NO_ARGUMENTS);
    }
    draft.json().endObject().endObject();
  }
}
