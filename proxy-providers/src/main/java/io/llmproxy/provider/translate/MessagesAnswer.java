package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.usage.MessagesUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;

/// A whole answer of Messages, and the same as Chat Completions has it.
final class MessagesAnswer {

  private enum Message {
    TYPE,
    ID,
    CONTENT,
    STOP_REASON,
    STOP_DETAILS,
    USAGE,
    ERROR
  }

  private enum Block {
    TYPE,
    TEXT,
    THINKING,
    ID,
    NAME,
    INPUT
  }

  private enum Details {
    EXPLANATION
  }

  private enum Failure {
    TYPE,
    MESSAGE
  }

  private final MessagesUsage usage = new MessagesUsage();
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Message> message = new Members<>(Message.class);
  private final Members<Block> block = new Members<>(Block.class);
  private byte[] body = {};
  private int limit;
  private boolean read;
  private boolean error;
  private int texts;
  private int thoughts;
  private int calls;
  private long contentBytes;

  /// Reads the answer in the first `length` bytes of `body`, which is borrowed until [#write];
  /// whether it is whole.
  boolean read(byte[] body, int length) {
    this.body = body;
    this.limit = length;
    if (!message.read(body, 0, length)) {
      return false;
    }
    error = message.has(Message.ERROR) || message.is(Message.TYPE, "error");
    if (!error && message.first(Message.CONTENT) != '[') {
      return false;
    }
    read = true;
    if (message.has(Message.USAGE)) {
      cursor.reset(body, message.from(Message.USAGE), length);
      usage.read(cursor);
    }
    if (!error) {
      count();
    }
    return true;
  }

  boolean isRead() {
    return read;
  }

  /// Whether it tells of an error instead.
  boolean isError() {
    return error;
  }

  boolean hasContent() {
    return texts + thoughts + calls > 0;
  }

  Billing billing() {
    return usage.billing();
  }

  boolean isUsageReported() {
    return usage.isReported();
  }

  /// The counts; where none was reported, the content's length stands for the output, or, if that
  /// is not known, `otherwise` does.
  Usage usage(long otherwise) {
    if (usage.isReported()) {
      return usage.usage(0);
    }
    return usage.usage(read ? contentBytes / 4 : otherwise);
  }

  /// Appends the answer, or the error, as Chat Completions has it.
  void write(ByteBuf bytes, String model, long createdSeconds) {
    if (error) {
      writeError(bytes);
      return;
    }
    JsonWriter out = new JsonWriter(bytes);
    out.startObject().name("id").openString();
    bytes.writeCharSequence(ChatReplies.ID_PREFIX, US_ASCII);
    if (message.isString(Message.ID)) {
      out.part(body, message.insideFrom(Message.ID), message.insideTo(Message.ID));
    }
    out.closeString().name("object").string("chat.completion");
    out.name("created").number(createdSeconds).name("model").string(model);
    out.name("choices").startArray().startObject().name("index").number(0);
    writeMessage(out, bytes);
    out.name("logprobs").nothing().name("finish_reason");
    out.string(ChatReplies.finishReason(message.text(Message.STOP_REASON)));
    out.endObject().endArray().name("usage");
    ChatUsageText.write(out, usage(0));
    out.endObject();
  }

  private void count() {
    blocks();
    while (nextBlock()) {
      if (isText()) {
        texts++;
        contentBytes += block.insideTo(Block.TEXT) - block.insideFrom(Block.TEXT);
      } else if (isThought()) {
        thoughts++;
        contentBytes += block.insideTo(Block.THINKING) - block.insideFrom(Block.THINKING);
      } else if (isCall()) {
        calls++;
        contentBytes += block.to(Block.INPUT) - block.from(Block.INPUT);
      }
    }
  }

  private void writeMessage(JsonWriter out, ByteBuf bytes) {
    out.name("message").startObject().name("role").string("assistant").name("content");
    if (texts == 0) {
      out.nothing();
    } else {
      writeTexts(out, bytes, Block.TEXT);
    }
    if (thoughts > 0) {
      out.name("reasoning_content");
      writeTexts(out, bytes, Block.THINKING);
    }
    writeRefusal(out, bytes);
    if (calls > 0) {
      writeCalls(out, bytes);
    }
    out.endObject();
  }

  private void writeTexts(JsonWriter out, ByteBuf bytes, Block name) {
    out.openString();
    blocks();
    while (nextBlock()) {
      if (name == Block.TEXT ? isText() : isThought()) {
        JsonStrings.writeInside(bytes, body, block.insideFrom(name), block.insideTo(name));
      }
    }
    out.closeString();
  }

  private void writeCalls(JsonWriter out, ByteBuf bytes) {
    out.name("tool_calls").startArray();
    blocks();
    while (nextBlock()) {
      if (!isCall()) {
        continue;
      }
      out.startObject().name("id").string(ToolIds.original(block.text(Block.ID)));
      out.name("type").string("function").name("function").startObject().name("name");
      out.string(block.text(Block.NAME)).name("arguments").openString();
      if (block.first(Block.INPUT) == '{') {
        JsonStrings.writeQuoted(bytes, body, block.from(Block.INPUT), block.to(Block.INPUT));
      } else {
        bytes.writeByte('{').writeByte('}');
      }
      out.closeString().endObject().endObject();
    }
    out.endArray();
  }

  private void writeRefusal(JsonWriter out, ByteBuf bytes) {
    var details = new Members<>(Details.class);
    out.name("refusal");
    boolean explained =
        message.first(Message.STOP_DETAILS) == '{'
            && details.read(body, message.from(Message.STOP_DETAILS), limit)
            && details.hasText(Details.EXPLANATION);
    if (!explained) {
      out.nothing();
      return;
    }
    out.openString();
    int from = details.insideFrom(Details.EXPLANATION);
    JsonStrings.writeInside(bytes, body, from, details.insideTo(Details.EXPLANATION));
    out.closeString();
  }

  private void writeError(ByteBuf bytes) {
    var failure = new Members<>(Failure.class);
    boolean told =
        message.has(Message.ERROR) && failure.read(body, message.from(Message.ERROR), limit);
    boolean worded = told && failure.hasText(Failure.MESSAGE);
    int from = worded ? failure.insideFrom(Failure.MESSAGE) : 0;
    int to = worded ? failure.insideTo(Failure.MESSAGE) : 0;
    ChatReplies.writeError(bytes, told ? failure.text(Failure.TYPE) : "", body, from, to);
  }

  private void blocks() {
    cursor.reset(body, message.from(Message.CONTENT), limit);
    cursor.enterArray();
  }

  private boolean nextBlock() {
    if (!cursor.nextElement()) {
      return false;
    }
    block.read(body, cursor.valueStart(), limit);
    cursor.skipValue();
    return true;
  }

  private boolean isText() {
    return block.is(Block.TYPE, "text") && block.hasText(Block.TEXT);
  }

  private boolean isThought() {
    return block.is(Block.TYPE, "thinking") && block.hasText(Block.THINKING);
  }

  private boolean isCall() {
    return block.is(Block.TYPE, "tool_use");
  }
}
