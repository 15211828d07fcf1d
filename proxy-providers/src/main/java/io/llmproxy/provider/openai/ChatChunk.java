package io.llmproxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.llmproxy.provider.usage.ChatUsage;

/// What one chunk of a Chat Completions stream says, as far as a relay wants to know it. Reused
/// from chunk to chunk.
final class ChatChunk {
  private static final byte[] CHOICES = "choices".getBytes(US_ASCII);
  private static final byte[] USAGE = "usage".getBytes(US_ASCII);
  private static final byte[] SERVICE_TIER = "service_tier".getBytes(US_ASCII);
  private static final byte[] ERROR = "error".getBytes(US_ASCII);
  private static final byte[] X_GROQ = "x_groq".getBytes(US_ASCII);
  private static final byte[] OBFUSCATION = "obfuscation".getBytes(US_ASCII);
  private static final byte[] DELTA = "delta".getBytes(US_ASCII);
  private static final byte[] FINISH_REASON = "finish_reason".getBytes(US_ASCII);
  private static final byte[] NETWORK_ERROR = "network_error".getBytes(US_ASCII);
  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  private static final byte[] REASONING_CONTENT = "reasoning_content".getBytes(US_ASCII);
  private static final byte[] REASONING = "reasoning".getBytes(US_ASCII);
  private static final byte[] REFUSAL = "refusal".getBytes(US_ASCII);
  private static final byte[] AUDIO = "audio".getBytes(US_ASCII);
  private static final byte[] TOOL_CALLS = "tool_calls".getBytes(US_ASCII);
  private static final byte[] FUNCTION_CALL = "function_call".getBytes(US_ASCII);
  private static final byte[] FUNCTION = "function".getBytes(US_ASCII);
  private static final byte[] CUSTOM = "custom".getBytes(US_ASCII);
  private static final byte[] ARGUMENTS = "arguments".getBytes(US_ASCII);
  private static final byte[] INPUT = "input".getBytes(US_ASCII);

  private final JsonCursor cursor = new JsonCursor();
  private final ChatUsage usage;

  private final Hole text = new Hole();
  private final Hole padding = new Hole();
  private int texts;
  private long textBytes;
  private boolean content;
  private boolean foreign;
  private boolean choicesSeen;
  private boolean choiceSeen;
  private boolean usageSeen;
  private boolean usageRead;
  private boolean error;

  /// Reports what it reads of usage to `usage`.
  ChatChunk(ChatUsage usage) {
    this.usage = usage;
  }

  /// Reads the chunk in `[from, to)` of `bytes`, which may end early.
  void read(byte[] bytes, int from, int to) {
    clear();
    cursor.reset(bytes, from, to);
    foreign = !cursor.isAt('{') && !cursor.isAtEnd();
    if (foreign || !cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      readMember();
    }
  }

  /// Whether the chunk brings content of any kind.
  boolean hasContent() {
    return content;
  }

  /// The bytes of the strings that are content, as they are written.
  long textBytes() {
    return textBytes;
  }

  /// Whether the chunk carried usage.
  boolean hasUsage() {
    return usageRead;
  }

  /// Whether the chunk says that the provider failed.
  boolean hasError() {
    return error;
  }

  /// Whether this is the chunk that `include_usage` adds: no choice, and a usage object.
  boolean isUsageOnly() {
    return cursor.isWhole() && choicesSeen && !choiceSeen && usageSeen;
  }

  /// Whether a chunk of which only the beginning has been read may still turn out to be that.
  boolean mayBeUsageOnly() {
    boolean open = !foreign && !cursor.isBroken() && !choiceSeen;
    return open && (!cursor.isWhole() || isUsageOnly());
  }

  /// Whether a chunk that differs by nothing but [#text] and [#padding] says the same.
  boolean isRepeatable() {
    return cursor.isWhole() && texts == 1 && !usageSeen && !usageRead && !error;
  }

  /// The one string that is content.
  Hole text() {
    return text;
  }

  /// The string that only obscures the length; unset where it does not follow the text.
  Hole padding() {
    return padding;
  }

  private void clear() {
    text.clear();
    padding.clear();
    texts = 0;
    textBytes = 0;
    content = false;
    choicesSeen = false;
    choiceSeen = false;
    usageSeen = false;
    usageRead = false;
    error = false;
  }

  private void readMember() {
    if (cursor.is(CHOICES)) {
      readChoices();
    } else if (cursor.is(USAGE)) {
      boolean read = usage.read(cursor);
      usageRead |= read;
      usageSeen |= read;
    } else if (cursor.is(ERROR)) {
      error |= cursor.skipValue();
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
    if (cursor.readString() && texts == 1) {
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
        error |= cursor.skipValue();
      } else if (cursor.is(USAGE) && !usageSeen) {
        usageRead |= usage.read(cursor);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readChoices() {
    if (!cursor.enterArray()) {
      choiceSeen |= cursor.isWhole();
      return;
    }
    choicesSeen = true;
    while (cursor.nextElement()) {
      choiceSeen = true;
      readChoice();
    }
  }

  private void readChoice() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(DELTA)) {
        readDelta();
      } else if (cursor.is(FINISH_REASON)) {
        // GLM ends so where its model failed.
        error |= cursor.readString() && cursor.is(NETWORK_ERROR);
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readDelta() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (isText()) {
        readText();
      } else if (cursor.is(TOOL_CALLS)) {
        readToolCalls();
      } else if (cursor.is(FUNCTION_CALL) || cursor.is(AUDIO)) {
        content |= cursor.skipValue();
      } else {
        cursor.skipValue();
      }
    }
  }

  private boolean isText() {
    return cursor.is(CONTENT)
        || cursor.is(REASONING_CONTENT)
        || cursor.is(REASONING)
        || cursor.is(REFUSAL);
  }

  /// A text is a string; some providers send an array of parts instead.
  private void readText() {
    if (cursor.isAt('[')) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        content |= cursor.skipValue();
      }
      return;
    }
    if (!cursor.readString() || cursor.stringFrom() == cursor.stringTo()) {
      return;
    }
    content = true;
    texts++;
    textBytes += cursor.stringTo() - cursor.stringFrom();
    text.set(cursor.stringFrom(), cursor.stringTo());
  }

  private void readToolCalls() {
    if (!cursor.enterArray()) {
      return;
    }
    while (cursor.nextElement()) {
      content = true;
      readToolCall();
    }
  }

  private void readToolCall() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(FUNCTION) || cursor.is(CUSTOM)) {
        readFunction();
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readFunction() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(ARGUMENTS) || cursor.is(INPUT)) {
        readText();
      } else {
        cursor.skipValue();
      }
    }
  }
}
