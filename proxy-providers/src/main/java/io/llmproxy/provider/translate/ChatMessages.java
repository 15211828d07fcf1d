package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;

/// Writes the `messages` of a chat request: the system's, then turn by turn what was said.
final class ChatMessages {
  private static final MemberNames MEMBERS = MemberNames.of("role", "content");
  private static final String BILLING = "system.x-anthropic-billing-header";
  private static final byte[] BILLING_HEADER = "x-anthropic-billing-header".getBytes(US_ASCII);

  private final ChatDraft draft;
  private final ChatUserTurn user;
  private final ChatAssistantTurn assistant;

  ChatMessages(ChatDraft draft) {
    this.draft = draft;
    this.user = new ChatUserTurn(draft);
    this.assistant = new ChatAssistantTurn(draft);
  }

  void write(JsonSpan system, JsonSpan messages) {
    draft.name("messages").startArray();
    if (system.isPresent()) {
      writeSystem(MessagesBlock.all("system", system, draft));
    }
    if (messages.isArray()) {
      writeTurns(messages);
    } else {
      draft.wrong("messages", messages, "an array of messages");
    }
    draft.json().endArray();
  }

  /// Messages of one role that follow one another are one turn, as they are to Anthropic: results
  /// of calls that stand in the second would else come too late.
  private void writeTurns(JsonSpan messages) {
    JsonCursor cursor = messages.cursor();
    cursor.enterArray();
    String role = "";
    List<MessagesBlock> turn = new ArrayList<>();
    for (int index = 0; cursor.nextElement(); index++) {
      String where = "messages[" + index + "]";
      JsonSpan message = JsonSpan.next(messages.bytes(), cursor);
      if (!message.isObject()) {
        draft.wrong(where, message, "a message");
        return;
      }
      JsonSpan[] at = message.members(MEMBERS);
      String next = role(where, at[0]);
      if (!next.equals(role)) {
        writeTurn(role, turn);
        turn = new ArrayList<>();
        role = next;
      }
      turn.addAll(MessagesBlock.all(where + ".content", at[1], draft));
    }
    if (role.isEmpty()) {
      draft.refuse("messages", "an empty array (expected: at least one message)");
    }
    writeTurn(role, turn);
  }

  private String role(String where, JsonSpan role) {
    String word = role.word();
    if (word.equals("user") || word.equals("assistant") || word.equals("system")) {
      return word;
    }
    draft.wrong(where + ".role", role, "\"user\", \"assistant\" or \"system\"");
    return "user";
  }

  private void writeTurn(String role, List<MessagesBlock> blocks) {
    switch (role) {
      case "user" -> user.write(blocks);
      case "assistant" -> assistant.write(blocks);
      case "system" -> writeSystem(blocks);
      default -> {}
    }
  }

  private void writeSystem(List<MessagesBlock> blocks) {
    List<MessagesBlock> texts = new ArrayList<>();
    for (MessagesBlock block : blocks) {
      if (!block.is("text")) {
        draft.refuse(block.where(), "a block of type " + block.type() + " (expected: text)");
      } else if (isBilling(block)) {
        draft.drop(BILLING);
      } else if (!block.isEmptyText()) {
        texts.add(block);
      }
      if (block.cacheControl().isPresent()) {
        draft.drop("cache_control");
      }
    }
    if (texts.isEmpty()) {
      return;
    }
    draft.json().startObject();
    draft.name("role");
    draft.plain(draft.model().isOpenAiReasoning() ? "developer" : "system");
    draft.name("content");
    ChatText.write(draft, texts);
    draft.json().endObject();
  }

  /// Claude Code's own accounting, which changes from request to request and would keep providers
  /// from finding the rest in their caches.
  private static boolean isBilling(MessagesBlock block) {
    return block.text().startsWith(BILLING_HEADER);
  }
}
