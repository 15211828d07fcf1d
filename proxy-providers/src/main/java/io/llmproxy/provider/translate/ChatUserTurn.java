package io.llmproxy.provider.translate;

import java.util.ArrayList;
import java.util.List;

/// Writes what the user said in one turn: a tool message for each result first, then one user
/// message with all the rest, which begins with what of the results is no text.
final class ChatUserTurn {
  private static final MemberNames SOURCE = MemberNames.of("type", "content");
  private static final String ELSEWHERE = "(The result follows in the next user message.)";

  private final ChatDraft draft;
  private final ChatUserContent content;

  ChatUserTurn(ChatDraft draft) {
    this.draft = draft;
    this.content = new ChatUserContent(draft);
  }

  void write(List<MessagesBlock> blocks) {
    content.clear();
    boolean results = false;
    for (MessagesBlock block : blocks) {
      if (block.is("tool_result")) {
        results = true;
        writeResult(block);
      }
    }
    for (MessagesBlock block : blocks) {
      if (!block.is("tool_result")) {
        addContent(block);
      }
    }
    if (!results || !content.isEmpty()) {
      content.write();
    }
  }

  private void writeResult(MessagesBlock result) {
    if (result.cacheControl().isPresent()) {
      draft.drop("cache_control");
    }
    if (!result.id().isText()) {
      draft.wrong(result.where() + ".tool_use_id", result.id(), "a string that is not empty");
      return;
    }
    List<MessagesBlock> texts = new ArrayList<>();
    boolean moved = result.content().isPresent() && sort(result, texts);
    draft.json().startObject();
    draft.name("role");
    draft.plain("tool");
    draft.name("tool_call_id");
    draft.raw(result.id());
    draft.name("content").openString();
    if (result.isError().isTrue()) {
      draft.part("Error: ");
    }
    ChatText.inside(draft, texts);
    if (moved && texts.isEmpty()) {
      draft.part(ELSEWHERE);
    }
    draft.json().closeString().endObject();
  }

  /// Adds the result's texts to `texts` and all else to the user's content; whether there was any.
  private boolean sort(MessagesBlock result, List<MessagesBlock> texts) {
    boolean moved = false;
    String where = result.where() + ".content";
    for (MessagesBlock block : MessagesBlock.all(where, result.content(), draft)) {
      if (ChatText.isText(block)) {
        texts.add(block);
      } else if (block.is("tool_reference")) {
        draft.drop("messages.tool_reference");
      } else {
        if (!moved) {
          content.addLabel(result);
        }
        moved = true;
        addContent(block);
      }
    }
    return moved;
  }

  private void addContent(MessagesBlock block) {
    if (block.isEmptyText()) {
      return;
    }
    if (!ChatText.isText(block) && block.is("document")) {
      JsonSpan[] source = block.source().members(SOURCE);
      if (source[0].is("content")) {
        MessagesBlock.all(block.where() + ".source.content", source[1], draft)
            .forEach(this::addContent);
        return;
      }
    }
    content.add(block);
  }
}
