package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import java.util.ArrayList;
import java.util.List;

/// One part of an item's content.
///
/// @param where it stands in the request
/// @param at its members, by the ordinals of [Member]; of a text, that is all in [#text]
/// @param text what it says, nothing where it is no text or was refused
@SuppressWarnings("ArrayRecordComponent") // never compared
record ResponsesPart(String where, Kind kind, JsonSpan[] at, JsonSpan text) {
  private static final String APART = "\\n\\n";
  private static final MemberNames MEMBERS = MemberNames.of(Member.class);
  private static final JsonSpan[] NO_MEMBERS = {};

  /// What a part is.
  enum Kind {
    TEXT,
    IMAGE,
    FILE,
    /// Says that what follows belongs to the result of the call whose id is the text.
    LABEL
  }

  /// The members that are looked for.
  enum Member {
    TYPE,
    TEXT,
    REFUSAL,
    IMAGE_URL,
    DETAIL,
    FILE_ID,
    FILE_DATA,
    FILE_URL,
    FILENAME,
    ANNOTATIONS,
    LOGPROBS
  }

  /// The parts of `content`, which is a string or an array; one that cannot be mapped is refused.
  static List<ResponsesPart> all(String where, JsonSpan content, ChatDraft draft) {
    List<ResponsesPart> parts = new ArrayList<>();
    if (content.isString()) {
      parts.add(text(where, content));
      return parts;
    }
    JsonCursor cursor = content.cursor();
    if (!content.isArray() || !cursor.enterArray()) {
      draft.wrong(where, content, "a string or an array of parts");
      return parts;
    }
    for (int index = 0; cursor.nextElement(); index++) {
      JsonSpan part = JsonSpan.next(content.bytes(), cursor);
      parts.add(of(where + "[" + index + "]", part, draft));
    }
    return parts;
  }

  /// Says that what follows belongs to the result of the call `id`.
  static ResponsesPart label(String where, JsonSpan id) {
    return new ResponsesPart(where, Kind.LABEL, NO_MEMBERS, id);
  }

  /// Whether the array has an element.
  static boolean isAny(JsonSpan array) {
    JsonCursor cursor = array.cursor();
    return cursor.enterArray() && cursor.nextElement();
  }

  /// Writes all of `parts` as one string with an empty line between any two; what is no text is
  /// refused.
  static void writeTexts(List<ResponsesPart> parts, ChatDraft draft) {
    draft.json().openString();
    texts(parts, draft);
    draft.json().closeString();
  }

  /// Adds them to the string that is open.
  static void texts(List<ResponsesPart> parts, ChatDraft draft) {
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        draft.part(APART);
      }
      parts.get(i).inside(draft);
    }
  }

  boolean isText() {
    return kind == Kind.TEXT;
  }

  JsonSpan at(Member member) {
    return at[member.ordinal()];
  }

  /// Adds the text to the string that is open.
  void inside(ChatDraft draft) {
    if (text.isString()) {
      draft.part(text);
    } else {
      draft.refuse(where, "no text (expected: a text)");
    }
  }

  private static ResponsesPart text(String where, JsonSpan text) {
    return new ResponsesPart(where, Kind.TEXT, NO_MEMBERS, text);
  }

  private static ResponsesPart of(String where, JsonSpan part, ChatDraft draft) {
    JsonSpan[] at = part.members(MEMBERS);
    new ChatScalars(draft).dropUnknown(part, MEMBERS, "input.content.");
    dropIfAny("input.content.annotations", at[Member.ANNOTATIONS.ordinal()], draft);
    dropIfAny("input.content.logprobs", at[Member.LOGPROBS.ordinal()], draft);
    return switch (at[0].word()) {
      case "input_text", "output_text", "text", "summary_text", "reasoning_text" ->
          textOf(where + ".text", at[Member.TEXT.ordinal()], draft);
      case "refusal" -> textOf(where + ".refusal", at[Member.REFUSAL.ordinal()], draft);
      case "input_image" -> new ResponsesPart(where, Kind.IMAGE, at, JsonSpan.NOTHING);
      case "input_file" -> new ResponsesPart(where, Kind.FILE, at, JsonSpan.NOTHING);
      default -> {
        draft.wrong(
            where + ".type",
            at[0],
            "\"input_text\", \"output_text\", \"refusal\", \"input_image\" or \"input_file\"");
        yield text(where, JsonSpan.NOTHING);
      }
    };
  }

  private static ResponsesPart textOf(String where, JsonSpan text, ChatDraft draft) {
    if (!text.isString()) {
      draft.wrong(where, text, "a string");
      return text(where, JsonSpan.NOTHING);
    }
    return text(where, text);
  }

  private static void dropIfAny(String name, JsonSpan array, ChatDraft draft) {
    if (array.isPresent() && isAny(array)) {
      draft.drop(name);
    }
  }
}
