package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.llmproxy.provider.translate.ChatStreamOutput.Text;
import io.llmproxy.provider.usage.ChatUsage;
import org.jspecify.annotations.Nullable;

/// What one chunk of a Chat Completions stream says, or one whole completion: where its texts
/// stand, why it finished, its error. Only the first choice is looked at. Reused from chunk to
/// chunk.
final class ChatRecord {
  private static final byte[] ID = "id".getBytes(US_ASCII);
  private static final byte[] CHOICES = "choices".getBytes(US_ASCII);
  private static final byte[] USAGE = "usage".getBytes(US_ASCII);
  private static final byte[] SERVICE_TIER = "service_tier".getBytes(US_ASCII);
  private static final byte[] ERROR = "error".getBytes(US_ASCII);
  private static final byte[] OBFUSCATION = "obfuscation".getBytes(US_ASCII);
  private static final byte[] X_GROQ = "x_groq".getBytes(US_ASCII);
  private static final byte[] INDEX = "index".getBytes(US_ASCII);
  private static final byte[] DELTA = "delta".getBytes(US_ASCII);
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);
  private static final byte[] FINISH_REASON = "finish_reason".getBytes(US_ASCII);
  private static final byte[] NETWORK_ERROR = "network_error".getBytes(US_ASCII);
  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  private static final byte[] REASONING_CONTENT = "reasoning_content".getBytes(US_ASCII);
  private static final byte[] REASONING = "reasoning".getBytes(US_ASCII);
  private static final byte[] REFUSAL = "refusal".getBytes(US_ASCII);
  private static final byte[] TOOL_CALLS = "tool_calls".getBytes(US_ASCII);

  private final JsonCursor cursor = new JsonCursor();
  private final ChatUsage usage;
  private final ChatError error;
  private byte[] bytes = {};

  final Piece id = new Piece();
  final Piece reasoning = new Piece();
  final Piece content = new Piece();
  final Piece refusal = new Piece();

  /// The array of content parts that some providers send in the place of a text; empty if none.
  final Piece parts = new Piece();

  /// The array of tool calls, empty if none.
  final Piece toolCalls = new Piece();

  private final Piece otherReasoning = new Piece();
  private final Hole padding = new Hole();
  private @Nullable StopReason finish;
  private boolean choiceSeen;
  private boolean usageSeen;
  private boolean usageRead;

  /// Reports what it reads of usage to `usage` and of an error to `error`.
  ChatRecord(ChatUsage usage, ChatError error) {
    this.usage = usage;
    this.error = error;
  }

  /// Reads the object in `[from, to)` of `bytes`; whether it was a whole one.
  boolean read(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    clear();
    id.clear();
    padding.clear();
    finish = null;
    choiceSeen = false;
    usageSeen = false;
    usageRead = false;
    cursor.reset(bytes, from, to);
    if (!cursor.enterObject()) {
      return false;
    }
    while (cursor.nextName()) {
      readMember();
    }
    if (reasoning.isEmpty()) {
      reasoning.from = otherReasoning.from;
      reasoning.to = otherReasoning.to;
      otherReasoning.clear();
    }
    return cursor.isWhole();
  }

  byte[] bytes() {
    return bytes;
  }

  /// Why the choice finished, null where it does not say.
  @Nullable StopReason finish() {
    return finish;
  }

  /// Whether there is a choice.
  boolean hasChoice() {
    return choiceSeen;
  }

  /// Whether it carried usage.
  boolean hasUsage() {
    return usageRead;
  }

  /// Whether it says nothing but one text, [#onlyText].
  boolean isOneText() {
    return isPlain()
        && toolCalls.isEmpty()
        && otherReasoning.isEmpty()
        && (reasoning.isEmpty() ? 0 : 1) + (content.isEmpty() ? 0 : 1) + (refusal.isEmpty() ? 0 : 1)
            == 1;
  }

  Text onlyText() {
    if (!reasoning.isEmpty()) {
      return Text.REASONING;
    }
    return content.isEmpty() ? Text.REFUSAL : Text.CONTENT;
  }

  /// Where the text of that kind stands.
  Piece text(Text kind) {
    return switch (kind) {
      case REASONING -> reasoning;
      case CONTENT -> content;
      case REFUSAL -> refusal;
    };
  }

  /// Whether it says nothing but [#toolCalls].
  boolean isCallsAlone() {
    return isPlain()
        && !toolCalls.isEmpty()
        && reasoning.isEmpty()
        && content.isEmpty()
        && refusal.isEmpty();
  }

  /// The string behind the choices that only obscures the length; unset where there is none.
  Hole padding() {
    return padding;
  }

  private boolean isPlain() {
    return choiceSeen && finish == null && !usageSeen && !usageRead && parts.isEmpty();
  }

  private void clear() {
    reasoning.clear();
    otherReasoning.clear();
    content.clear();
    refusal.clear();
    parts.clear();
    toolCalls.clear();
  }

  private void readMember() {
    if (cursor.is(CHOICES)) {
      readChoices();
    } else if (cursor.is(ID)) {
      readText(id);
    } else if (cursor.is(USAGE)) {
      boolean read = usage.read(cursor);
      usageRead |= read;
      usageSeen |= read;
    } else if (cursor.is(ERROR)) {
      error.read(cursor, bytes);
    } else if (cursor.is(X_GROQ)) {
      readGroq();
    } else if (cursor.is(SERVICE_TIER)) {
      usage.readTier(cursor);
    } else if (cursor.is(OBFUSCATION)) {
      readPadding();
    } else {
      cursor.skipValue();
    }
  }

  private void readPadding() {
    if (cursor.readString() && choiceSeen) {
      padding.set(cursor.stringFrom(), cursor.stringTo());
    }
  }

  /// Groq says usage here, and says it again in `usage` if asked to: that is counted, not both.
  private void readGroq() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(ERROR)) {
        error.read(cursor, bytes);
      } else if (cursor.is(USAGE) && !usageSeen) {
        usageRead |= usage.read(cursor);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readChoices() {
    if (!cursor.enterArray()) {
      return;
    }
    while (cursor.nextElement()) {
      if (choiceSeen) {
        cursor.skipValue();
      } else {
        choiceSeen = readChoice();
      }
    }
  }

  /// Whether the choice that `cursor` is at is the first.
  private boolean readChoice() {
    if (!cursor.enterObject()) {
      return false;
    }
    long index = 0;
    StopReason reason = null;
    boolean failed = false;
    while (cursor.nextName()) {
      if (cursor.is(DELTA) || cursor.is(MESSAGE)) {
        readDelta();
      } else if (cursor.is(INDEX)) {
        index = cursor.readCount();
      } else if (!cursor.is(FINISH_REASON)) {
        cursor.skipValue();
      } else if (cursor.readString()) {
        failed = cursor.is(NETWORK_ERROR);
        reason = StopReason.ofChat(cursor);
      }
    }
    if (index > 0) {
      clear();
      return false;
    }
    finish = reason;
    if (failed) {
      error.set("the provider's model failed: network_error");
    }
    return true;
  }

  private void readDelta() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(CONTENT)) {
        readContent();
      } else if (cursor.is(REASONING_CONTENT)) {
        readText(reasoning);
      } else if (cursor.is(REASONING)) {
        readText(otherReasoning);
      } else if (cursor.is(REFUSAL)) {
        readText(refusal);
      } else if (cursor.is(TOOL_CALLS)) {
        readArray(toolCalls);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readContent() {
    if (cursor.isAt('[')) {
      readArray(parts);
    } else {
      readText(content);
    }
  }

  private void readText(Piece piece) {
    if (cursor.readString()) {
      piece.set(cursor);
    }
  }

  private void readArray(Piece piece) {
    if (!cursor.isAt('[')) {
      cursor.skipValue();
      return;
    }
    piece.from = cursor.valueStart();
    cursor.skipValue();
    piece.to = cursor.valueEnd();
  }
}
