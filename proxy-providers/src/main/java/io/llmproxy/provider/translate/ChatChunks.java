package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The records of one Chat Completions stream. What all chunks share is put together once; a piece
/// of text is then three copies.
final class ChatChunks {
  private static final byte[] OBJECT =
      ascii("\",\"object\":\"chat.completion.chunk\",\"created\":");
  private static final byte[] CHOICES = ascii(",\"choices\":[");
  private static final byte[] DELTA = ascii("{\"index\":0,\"delta\":{");
  private static final byte[] ROLE = ascii("\"role\":\"assistant\",\"content\":\"\"");
  private static final byte[] CONTENT = ascii("\"content\":\"");
  private static final byte[] REASONING = ascii("\"reasoning_content\":\"");
  private static final byte[] REFUSAL = ascii("\"refusal\":\"");
  private static final byte[] TOOL = ascii("\"tool_calls\":[{\"index\":");
  private static final byte[] TOOL_ID = ascii(",\"id\":\"");
  private static final byte[] TOOL_NAME =
      ascii("\",\"type\":\"function\",\"function\":{\"name\":\"");
  private static final byte[] NO_ARGUMENTS = ascii("\",\"arguments\":\"\"}}]");
  private static final byte[] ARGUMENTS = ascii(",\"function\":{\"arguments\":\"");
  private static final byte[] ARGUMENTS_END = ascii("\"}}]");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] REASON = ascii("},\"logprobs\":null,\"finish_reason\":");
  private static final byte[] NULL = ascii("null");
  private static final byte[] CHOICES_END = ascii("}]");
  private static final byte[] NO_USAGE = ascii(",\"usage\":null");
  private static final byte[] USAGE = ascii("],\"usage\":");
  private static final byte[] END = ascii("}\n\n");
  private static final byte[] DONE = ascii("data: [DONE]\n\n");

  private final String model;
  private final long createdSeconds;
  private final boolean includeUsage;
  private final byte[] tail;
  private final byte[] textTail;
  private final byte[] argumentsTail;
  private byte[] head;
  private byte[] deltaHead;
  private byte[] contentHead;
  private byte[] reasoningHead;
  private byte[] argumentsHead;
  private int argumentsIndex;

  /// Chunks of a model called `model`; each says that usage is yet to come if it is at all.
  ChatChunks(String model, long createdSeconds, boolean includeUsage) {
    this.model = model;
    this.createdSeconds = createdSeconds;
    this.includeUsage = includeUsage;
    this.tail =
        HeldBytes.joined(REASON, NULL, CHOICES_END, includeUsage ? NO_USAGE : new byte[0], END);
    this.textTail = HeldBytes.joined(QUOTE, tail);
    this.argumentsTail = HeldBytes.joined(ARGUMENTS_END, tail);
    this.head = head(new byte[0], 0, 0);
    this.deltaHead = HeldBytes.joined(head, DELTA);
    this.contentHead = HeldBytes.joined(deltaHead, CONTENT);
    this.reasoningHead = HeldBytes.joined(deltaHead, REASONING);
    this.argumentsHead = argumentsHead(0);
  }

  /// Chunks are from now on those of an answer whose id has the inside `[from, to)` of `bytes`.
  void id(byte[] bytes, int from, int to) {
    head = head(bytes, from, to);
    deltaHead = HeldBytes.joined(head, DELTA);
    contentHead = HeldBytes.joined(deltaHead, CONTENT);
    reasoningHead = HeldBytes.joined(deltaHead, REASONING);
    argumentsHead = argumentsHead(argumentsIndex);
  }

  /// Whether the caller is to be told of usage.
  boolean includesUsage() {
    return includeUsage;
  }

  void role(ByteBuf out) {
    out.writeBytes(deltaHead).writeBytes(ROLE).writeBytes(tail);
  }

  /// A piece of the answer's text, escaped already.
  void content(ByteBuf out, byte[] bytes, int from, int to) {
    text(out, contentHead, bytes, from, to);
  }

  /// A piece of reasoning, escaped already.
  void reasoning(ByteBuf out, byte[] bytes, int from, int to) {
    text(out, reasoningHead, bytes, from, to);
  }

  /// Why the model refuses, escaped already.
  void refusal(ByteBuf out, byte[] bytes, int from, int to) {
    text(out, HeldBytes.joined(deltaHead, REFUSAL), bytes, from, to);
  }

  /// The call `index`, counted from 0, begins; `id` and `name` are escaped already.
  void call(ByteBuf out, int index, byte[] id, byte[] name) {
    out.writeBytes(deltaHead).writeBytes(TOOL);
    number(out, index);
    out.writeBytes(TOOL_ID);
    JsonStrings.writeInside(out, id, 0, id.length);
    out.writeBytes(TOOL_NAME);
    JsonStrings.writeInside(out, name, 0, name.length);
    out.writeBytes(NO_ARGUMENTS).writeBytes(tail);
  }

  /// A piece of the arguments of the call `index`, escaped already.
  void arguments(ByteBuf out, int index, byte[] bytes, int from, int to) {
    beginArguments(out, index);
    JsonStrings.writeInside(out, bytes, from, to);
    out.writeBytes(argumentsTail);
  }

  /// All arguments of the call `index`, JSON that is not escaped.
  void wholeArguments(ByteBuf out, int index, byte[] json) {
    beginArguments(out, index);
    JsonStrings.writeQuoted(out, json, 0, json.length);
    out.writeBytes(argumentsTail);
  }

  void finish(ByteBuf out, String reason) {
    out.writeBytes(deltaHead).writeBytes(REASON).writeByte('"');
    out.writeCharSequence(reason, US_ASCII);
    out.writeByte('"').writeBytes(CHOICES_END);
    if (includeUsage) {
      out.writeBytes(NO_USAGE);
    }
    out.writeBytes(END);
  }

  /// The chunk of usage.
  void usage(ByteBuf out, Usage usage) {
    out.writeBytes(head).writeBytes(USAGE);
    ChatUsageText.write(new JsonWriter(out), usage);
    out.writeBytes(END);
  }

  void done(ByteBuf out) {
    out.writeBytes(DONE);
  }

  private void text(ByteBuf out, byte[] textHead, byte[] bytes, int from, int to) {
    out.ensureWritable(textHead.length + to - from + textTail.length);
    out.writeBytes(textHead);
    JsonStrings.writeInside(out, bytes, from, to);
    out.writeBytes(textTail);
  }

  private void beginArguments(ByteBuf out, int index) {
    if (index != argumentsIndex) {
      argumentsIndex = index;
      argumentsHead = argumentsHead(index);
    }
    out.writeBytes(argumentsHead);
  }

  private byte[] argumentsHead(int index) {
    return HeldBytes.joined(deltaHead, TOOL, ascii(Integer.toString(index)), ARGUMENTS);
  }

  private byte[] head(byte[] id, int from, int to) {
    byte[] inside = Arrays.copyOfRange(id, from, to);
    for (int i = 0; i < inside.length; i++) {
      // A line feed that the reader of the stream let through would end the record.
      inside[i] = inside[i] >= 0 && inside[i] < ' ' ? (byte) '_' : inside[i];
    }
    return HeldBytes.joined(
        ascii("data: {\"id\":\"" + ChatReplies.ID_PREFIX),
        inside,
        OBJECT,
        ascii(Long.toString(createdSeconds)),
        ascii(",\"model\":"),
        JsonText.quoted(model),
        CHOICES);
  }

  private static void number(ByteBuf out, int value) {
    out.writeCharSequence(Integer.toString(value), US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
