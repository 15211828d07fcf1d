package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Writes the fields of a chat request that requests of both other dialects have too.
final class ChatScalars {
  /// OpenAI's limit, and GLM's.
  private static final int LONGEST_USER = 128;

  private final ChatDraft draft;

  ChatScalars(ChatDraft draft) {
    this.draft = draft;
  }

  /// Models of OpenAI's that reason refuse sampling parameters.
  void writeSampling(String field, JsonSpan value) {
    if (!value.isPresent()) {
      return;
    }
    if (draft.model().isOpenAiReasoning()) {
      draft.drop(field);
    } else if (value.kind().equals("a number")) {
      draft.name(field);
      String bound = draft.target() == ChatTarget.GLM ? glmBound(field, value) : "";
      if (bound.isEmpty()) {
        draft.raw(value);
      } else {
        draft.json().raw(bound.getBytes(US_ASCII), 0, bound.length());
      }
    } else {
      draft.wrong(field, value, "a number");
    }
  }

  /// The nearest number that GLM takes; empty where it takes the one given.
  private static String glmBound(String field, JsonSpan value) {
    String written = new String(value.bytes(), value.from(), value.to() - value.from(), US_ASCII);
    double number = Double.parseDouble(written);
    if (number > 1) {
      return "1";
    }
    return field.equals("top_p") && number < 0.01 ? "0.01" : "";
  }

  /// Names the caller's end user; one whose name is too long is told by its digest.
  void writeUser(JsonSpan user) {
    if (!user.isText()) {
      return;
    }
    draft.name(draft.target().userField());
    if (user.insideTo() - user.insideFrom() <= LONGEST_USER) {
      draft.raw(user);
    } else {
      draft.plain(digest(user));
    }
  }

  private static String digest(JsonSpan text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(Arrays.copyOfRange(text.bytes(), text.insideFrom(), text.insideTo()));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Usage is always asked for: the end of a message tells it.
  void writeStream(boolean tools) {
    draft.name("stream").bool(true);
    if (draft.target().takesStreamOptions()) {
      draft.name("stream_options").startObject();
      draft.name("include_usage").bool(true);
      if (draft.target() == ChatTarget.OPENAI) {
        // Padding hides lengths from who listens on the wire; it ends here anyway.
        draft.name("include_obfuscation").bool(false);
      }
      draft.json().endObject();
    } else if (tools) {
      draft.name("tool_stream").bool(true);
    }
  }

  /// Leaves out what `known` does not name of `object`, and names it after `prefix`.
  void dropUnknown(JsonSpan object, MemberNames known, String prefix) {
    JsonCursor cursor = object.cursor();
    if (!object.isObject() || !cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      boolean unknown = known.placeOf(cursor) < 0;
      String name = unknown ? JsonSpan.name(object.bytes(), cursor) : "";
      boolean given = cursor.skipValue();
      if (given && unknown) {
        draft.drop(prefix + name);
      }
    }
  }
}
