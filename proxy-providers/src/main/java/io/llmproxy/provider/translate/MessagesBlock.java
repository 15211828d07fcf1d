package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;

/// One content block of a Messages request, as far as a translator wants to know it.
///
/// @param where the field that holds it, for messages
/// @param type empty where it has none
record MessagesBlock(
    String where,
    String type,
    JsonSpan text,
    JsonSpan source,
    JsonSpan id,
    JsonSpan name,
    JsonSpan input,
    JsonSpan content,
    JsonSpan isError,
    JsonSpan cacheControl) {

  private static final MemberNames MEMBERS =
      MemberNames.of(
          "type",
          "text",
          "thinking",
          "source",
          "title",
          "id",
          "tool_use_id",
          "name",
          "input",
          "content",
          "is_error",
          "cache_control");

  /// A block of nothing but text: the string `text`, or none.
  static MessagesBlock ofText(String where, JsonSpan text) {
    JsonSpan none = JsonSpan.NOTHING;
    return new MessagesBlock(where, "text", text, none, none, none, none, none, none, none);
  }

  static MessagesBlock of(String where, JsonSpan block) {
    JsonSpan[] at = block.members(MEMBERS);
    return new MessagesBlock(
        where,
        at[0].word(),
        at[2].isString() ? at[2] : at[1],
        at[3],
        at[5].isString() ? at[5] : at[6],
        at[7].isString() ? at[7] : at[4],
        at[8],
        at[9],
        at[10],
        at[11]);
  }

  /// The blocks of `content`, which is a string or an array of blocks; of anything else none, and
  /// `draft` learns of it.
  static List<MessagesBlock> all(String where, JsonSpan content, ChatDraft draft) {
    if (content.isString()) {
      return List.of(ofText(where, content));
    }
    List<MessagesBlock> blocks = new ArrayList<>();
    if (!content.isArray()) {
      draft.wrong(where, content, "a string or an array of content blocks");
      return blocks;
    }
    JsonCursor cursor = content.cursor();
    cursor.enterArray();
    while (cursor.nextElement()) {
      JsonSpan block = JsonSpan.next(content.bytes(), cursor);
      String place = where + "[" + blocks.size() + "]";
      if (!block.isObject()) {
        draft.wrong(place, block, "a content block");
      }
      blocks.add(of(place, block));
    }
    return blocks;
  }

  boolean is(String expected) {
    return type.equals(expected);
  }

  /// Whether it is a text with nothing in it, which says nothing.
  boolean isEmptyText() {
    return is("text") && text.isString() && !text.isText();
  }
}
