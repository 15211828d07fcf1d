package io.llmproxy.provider.translate;

import java.util.List;

/// Content blocks that Chat Completions knows as text.
final class ChatText {
  private static final String APART = "\\n\\n";
  private static final MemberNames SOURCE = MemberNames.of("type", "data");

  private ChatText() {}

  /// Whether the block can be said in text.
  static boolean isText(MessagesBlock block) {
    return switch (block.type()) {
      case "text", "search_result" -> true;
      case "document" -> block.source().members(SOURCE)[0].is("text");
      default -> false;
    };
  }

  /// Writes all of `blocks`, which are texts, as one string with an empty line between any two.
  static void write(ChatDraft draft, List<MessagesBlock> blocks) {
    draft.json().openString();
    inside(draft, blocks);
    draft.json().closeString();
  }

  /// Adds them to the string that is open.
  static void inside(ChatDraft draft, List<MessagesBlock> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      if (i > 0) {
        draft.part(APART);
      }
      inside(draft, blocks.get(i));
    }
  }

  /// Adds one to the string that is open.
  static void inside(ChatDraft draft, MessagesBlock block) {
    switch (block.type()) {
      case "document" -> string(draft, block, block.source().members(SOURCE)[1]);
      case "search_result" -> searchResult(draft, block);
      default -> string(draft, block, block.text());
    }
  }

  private static void searchResult(ChatDraft draft, MessagesBlock block) {
    for (JsonSpan line : new JsonSpan[] {block.name(), block.source()}) {
      if (line.isText()) {
        draft.part(line);
        draft.part("\\n");
      }
    }
    for (MessagesBlock text :
        MessagesBlock.all(block.where() + ".content", block.content(), draft)) {
      string(draft, text, text.text());
      draft.part("\\n");
    }
  }

  private static void string(ChatDraft draft, MessagesBlock block, JsonSpan text) {
    if (text.isString()) {
      draft.part(text);
    } else {
      draft.wrong(block.where() + ".text", text, "a string");
    }
  }
}
