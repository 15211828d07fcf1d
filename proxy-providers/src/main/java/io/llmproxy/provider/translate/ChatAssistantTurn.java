package io.llmproxy.provider.translate;

import java.util.ArrayList;
import java.util.List;

/// Writes what the assistant said in one turn as one message of a chat request: its texts joined,
/// its calls behind them.
final class ChatAssistantTurn {
  private final ChatDraft draft;
  private final List<MessagesBlock> texts = new ArrayList<>();
  private final List<MessagesBlock> thoughts = new ArrayList<>();
  private final List<MessagesBlock> calls = new ArrayList<>();

  ChatAssistantTurn(ChatDraft draft) {
    this.draft = draft;
  }

  void write(List<MessagesBlock> blocks) {
    texts.clear();
    thoughts.clear();
    calls.clear();
    for (MessagesBlock block : blocks) {
      sort(block);
    }
    draft.json().startObject();
    draft.name("role");
    draft.plain("assistant");
    writeContent();
    if (!thoughts.isEmpty()) {
      draft.name(draft.target().reasoningField());
      joined(thoughts);
    }
    if (!calls.isEmpty()) {
      draft.name("tool_calls").startArray();
      for (MessagesBlock call : calls) {
        writeCall(call);
      }
      draft.json().endArray();
    }
    draft.json().endObject();
  }

  private void sort(MessagesBlock block) {
    if (block.cacheControl().isPresent()) {
      draft.drop("cache_control");
    }
    switch (block.type()) {
      case "text" -> texts.add(block);
      case "tool_use" -> calls.add(block);
      case "thinking" -> {
        if (draft.target().reasoningField().isEmpty()) {
          draft.drop("messages.thinking");
        } else {
          thoughts.add(block);
        }
      }
      case "redacted_thinking" -> draft.drop("messages.redacted_thinking");
      default -> {
        if (isServers(block.type())) {
          draft.drop("messages." + block.type());
        } else {
          draft.refuse(
              block.where(),
              "a block of type \""
                  + block.type()
                  + "\" in an assistant's message (expected: text, thinking or tool_use)");
        }
      }
    }
  }

  /// Whether the block tells of what Anthropic's own tools did while the model answered.
  private static boolean isServers(String type) {
    return type.equals("server_tool_use")
        || type.equals("mcp_tool_use")
        || type.equals("container_upload")
        || type.equals("fallback")
        || type.equals("compaction")
        || type.endsWith("_tool_result");
  }

  /// Providers agree that a message with nothing but calls has a content of null.
  private void writeContent() {
    draft.name("content");
    boolean empty = texts.stream().allMatch(MessagesBlock::isEmptyText);
    if (empty && !calls.isEmpty()) {
      draft.json().nothing();
    } else {
      joined(texts);
    }
  }

  private void joined(List<MessagesBlock> blocks) {
    draft.json().openString();
    for (MessagesBlock block : blocks) {
      ChatText.inside(draft, block);
    }
    draft.json().closeString();
  }

  private void writeCall(MessagesBlock call) {
    if (!call.id().isText()) {
      draft.wrong(call.where() + ".id", call.id(), "a string that is not empty");
      return;
    }
    if (!call.name().isText()) {
      draft.wrong(call.where() + ".name", call.name(), "a string that is not empty");
      return;
    }
    draft.json().startObject();
    draft.name("id");
    draft.raw(call.id());
    draft.name("type");
    draft.plain("function");
    draft.name("function").startObject();
    draft.name("name");
    draft.raw(call.name());
    draft.name("arguments").openString();
    JsonSpan input = call.input();
    if (input.isObject()) {
      EscapedText.quote(draft.out(), input.bytes(), input.from(), input.to());
    } else {
      draft.wrong(call.where() + ".input", input, "an object");
    }
    draft.json().closeString().endObject().endObject();
  }
}
