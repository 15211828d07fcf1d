package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Where GLM, Groq and Grok depart from Chat Completions in one chunk of a stream, or in one
/// completion, and the same as the dialect has it.
///
/// A chunk without `object` gets one; a reason to finish that the dialect does not know becomes the
/// one that means it; a reason said again becomes null, and a choice that says no more beside usage
/// is left out, since clients take no choice after its end; a failure told inside a choice or
/// inside `x_groq`, or otherwise than OpenAI tells one, becomes an error of its form; the usage of
/// a chunk that has choices gets a chunk of its own, since clients take the one that bears usage
/// for the one without choices. One per reply, since it knows what was said before.
final class ChatCorrection {
  private static final byte[] OBJECT = ascii("object");
  private static final byte[] CHOICES = ascii("choices");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] TOOL_CALLS = ascii("tool_calls");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] FINISH_REASON = ascii("finish_reason");
  private static final byte[] X_GROQ = ascii("x_groq");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] CONTENT = ascii("content");
  private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
  private static final byte[] REASONING = ascii("reasoning");

  private static final byte[] NETWORK_ERROR = ascii("network_error");
  private static final byte[] SENSITIVE = ascii("sensitive");
  private static final byte[] WINDOW_EXCEEDED = ascii("model_context_window_exceeded");
  private static final byte[] CONTENT_FILTER = ascii("\"content_filter\"");
  private static final byte[] LENGTH = ascii("\"length\"");
  private static final byte[] NULL = ascii("null");
  private static final byte[] NO_CHOICES = ascii("[]");

  private static final byte[] FAILED = ascii("the provider's model failed: network_error");
  private static final byte[] UNEXPLAINED = ascii("the provider failed and did not say why");

  private final JsonCursor cursor = new JsonCursor();
  private ChatError error = new ChatError("");
  private final byte[] object;
  private final boolean ofChunks;
  private final Hole text = new Hole();
  private final Hole padding = new Hole();
  private byte[] bytes = {};
  private int from;
  private int to;
  private int brace;
  private int texts;
  private boolean choicesSeen;
  private boolean choiceSeen;
  private boolean again;
  private boolean calls;
  private int choicesFrom;
  private int choicesTo;
  private int usageFrom;
  private int usageTo;
  private boolean objectSeen;
  private boolean finishing;
  private boolean finished;
  private int reasonFrom;
  private int reasonTo;
  private byte @Nullable [] reason;
  private byte @Nullable [] failure;
  private int failureFrom;
  private int failureTo;

  private ChatCorrection(String name, boolean ofChunks) {
    object = ascii("\"object\":\"" + name + "\",");
    this.ofChunks = ofChunks;
  }

  /// Corrects the chunks of a stream.
  static ChatCorrection ofChunks() {
    return new ChatCorrection("chat.completion.chunk", true);
  }

  /// Corrects a whole completion.
  static ChatCorrection ofCompletion() {
    return new ChatCorrection("chat.completion", false);
  }

  /// Reads the object in `[from, to)` of `bytes`, which are borrowed; whether it must change. One
  /// that ends early is left as it is.
  boolean read(byte[] bytes, int from, int to) {
    clear(bytes, from, to);
    cursor.reset(bytes, from, to);
    brace = cursor.valueStart() + 1;
    if (!cursor.enterObject()) {
      return false;
    }
    while (cursor.nextName()) {
      readMember();
    }
    if (!cursor.isWhole()) {
      forgetFailure();
      return false;
    }
    finished |= finishing;
    return isFailure() || lacksObject() || reason != null || hasUsageApart();
  }

  /// Whether it says that the provider failed, in a way that callers do not know.
  boolean isFailure() {
    return failure != null || (error.isPresent() && !error.isOpenAis());
  }

  /// Whether [#writeUsage] is to follow [#write].
  boolean hasUsageApart() {
    return ofChunks
        && choiceSeen
        && usageTo > 0
        && !isFailure()
        && !error.isPresent()
        && !isAfterwards();
  }

  /// Whether its choice has ended before and says nothing else, while its usage counts.
  private boolean isAfterwards() {
    return ofChunks && again && texts == 0 && !calls && usageTo > 0;
  }

  /// Whether an object that differs by nothing but [#text] need not change either.
  boolean isRepeatable() {
    return texts == 1 && !finishing && usageTo == 0 && !isFailure() && !lacksObject();
  }

  /// The one string that is content.
  Hole text() {
    return text;
  }

  /// Never set.
  Hole padding() {
    return padding;
  }

  /// Appends to `out` what was read, corrected.
  void write(ByteBuf out) {
    if (error.isPresent()) {
      error.writeOpenAi(out);
      return;
    }
    byte[] message = failure;
    if (message != null) {
      ChatReplies.writeError(out, "api_error", message, failureFrom, failureTo);
      return;
    }
    if (isAfterwards()) {
      writeWithoutChoices(out);
      return;
    }
    int at = writeObject(out);
    boolean apart = hasUsageApart();
    if (apart && usageFrom < choicesFrom) {
      at = writeInstead(out, at, usageFrom, usageTo, NULL);
    }
    byte[] other = reason;
    if (other != null) {
      at = writeInstead(out, at, reasonFrom, reasonTo, other);
    }
    if (apart && usageFrom > choicesFrom) {
      at = writeInstead(out, at, usageFrom, usageTo, NULL);
    }
    out.writeBytes(bytes, at, to - at);
  }

  /// Appends to `out` the chunk of its own that the usage gets.
  void writeUsage(ByteBuf out) {
    writeWithoutChoices(out);
  }

  private void writeWithoutChoices(ByteBuf out) {
    int at = writeInstead(out, writeObject(out), choicesFrom, choicesTo, NO_CHOICES);
    out.writeBytes(bytes, at, to - at);
  }

  /// Returns how far it was written.
  private int writeObject(ByteBuf out) {
    if (!lacksObject()) {
      return from;
    }
    out.writeBytes(bytes, from, brace - from).writeBytes(object);
    return brace;
  }

  private int writeInstead(ByteBuf out, int at, int valueFrom, int valueTo, byte[] other) {
    out.writeBytes(bytes, at, valueFrom - at).writeBytes(other);
    return valueTo;
  }

  /// What is no chunk, as an error is none, needs no object.
  private boolean lacksObject() {
    return choicesSeen && !objectSeen;
  }

  private void clear(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    texts = 0;
    choicesSeen = false;
    choiceSeen = false;
    again = false;
    calls = false;
    usageFrom = 0;
    usageTo = 0;
    objectSeen = false;
    finishing = false;
    reason = null;
    forgetFailure();
  }

  private void forgetFailure() {
    failure = null;
    if (error.isPresent()) {
      error = new ChatError("");
    }
  }

  private void readMember() {
    if (cursor.is(CHOICES)) {
      choicesFrom = cursor.valueStart();
      readChoices();
      choicesTo = cursor.valueEnd();
    } else if (cursor.is(USAGE)) {
      readUsage();
    } else if (cursor.is(OBJECT)) {
      objectSeen |= cursor.skipValue();
    } else if (cursor.is(ERROR)) {
      error.read(cursor, bytes);
    } else if (cursor.is(X_GROQ)) {
      readGroq();
    } else {
      cursor.skipValue();
    }
  }

  private void readUsage() {
    boolean counts = cursor.isAt('{');
    int start = cursor.valueStart();
    cursor.skipValue();
    if (counts) {
      usageFrom = start;
      usageTo = cursor.valueEnd();
    }
  }

  private void readGroq() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(ERROR) && cursor.isAt('"') && cursor.readString()) {
        failure = bytes;
        failureFrom = cursor.stringFrom();
        failureTo = cursor.stringTo();
      } else if (cursor.is(ERROR) && cursor.skipValue()) {
        fail(UNEXPLAINED);
      } else {
        cursor.skipValue();
      }
    }
  }

  /// Both providers give one choice.
  private void readChoices() {
    choicesSeen = true;
    if (!cursor.enterArray()) {
      return;
    }
    boolean first = true;
    while (cursor.nextElement()) {
      choiceSeen = true;
      if (first) {
        readChoice();
      } else {
        cursor.skipValue();
      }
      first = false;
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
        readReason();
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readReason() {
    int start = cursor.valueStart();
    if (!cursor.readString()) {
      return;
    }
    if (cursor.is(NETWORK_ERROR)) {
      fail(FAILED);
      return;
    }
    finishing = true;
    reasonFrom = start;
    reasonTo = cursor.valueEnd();
    if (finished) {
      reason = NULL;
      again = true;
    } else if (cursor.is(SENSITIVE)) {
      reason = CONTENT_FILTER;
    } else if (cursor.is(WINDOW_EXCEEDED)) {
      reason = LENGTH;
    }
  }

  private void readDelta() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      calls |= cursor.is(TOOL_CALLS);
      boolean isText = cursor.is(CONTENT) || cursor.is(REASONING_CONTENT) || cursor.is(REASONING);
      if (!isText) {
        cursor.skipValue();
      } else if (cursor.readString() && cursor.stringFrom() < cursor.stringTo()) {
        texts++;
        text.set(cursor.stringFrom(), cursor.stringTo());
      }
    }
  }

  private void fail(byte[] message) {
    failure = message;
    failureFrom = 0;
    failureTo = message.length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
