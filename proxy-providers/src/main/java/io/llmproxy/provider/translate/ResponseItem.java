package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/// One item of a response's output: reasoning, a message of one part, or a call.
final class ResponseItem {
  private static final byte[] COMPLETED = ascii("completed");
  private static final byte[] INCOMPLETE = ascii("incomplete");
  private static final byte[] IN_PROGRESS = ascii("in_progress");
  private static final byte[] ID = ascii("{\"id\":\"");
  private static final byte[] TYPE = ascii("\",\"type\":\"");
  private static final byte[] STATUS = ascii("\",\"status\":\"");
  private static final byte[] ARGUMENTS = ascii("\",\"arguments\":\"");
  private static final byte[] CALL_ID = ascii("\",\"call_id\":\"");
  private static final byte[] NAME = ascii("\",\"name\":\"");
  private static final byte[] CALL_PREFIX = ascii("call_");
  private static final byte[] STRING_END = ascii("\"}");
  private static final byte[] LIST_END = ascii("]}");

  /// What an item holds, and how Responses calls that.
  enum Kind {
    REASONING("rs_", "reasoning", "\",\"summary\":["),
    TEXT("msg_", "message", "\",\"role\":\"assistant\",\"content\":["),
    REFUSAL("msg_", "message", "\",\"role\":\"assistant\",\"content\":["),
    CALL("fc_", "function_call", "");

    private final String prefix;
    private final byte[] type;
    private final byte[] list;

    Kind(String prefix, String type, String list) {
      this.prefix = prefix;
      this.type = ascii(type);
      this.list = ascii(list);
    }

    /// How the part begins that is the item's only one, up to the inside of its text.
    private byte[] part() {
      return switch (this) {
        case REASONING -> SUMMARY_PART;
        case TEXT -> TEXT_PART;
        case REFUSAL -> REFUSAL_PART;
        case CALL -> throw new IllegalStateException("a call has no parts");
      };
    }
  }

  private static final byte[] SUMMARY_PART = ascii("{\"type\":\"summary_text\",\"text\":\"");
  private static final byte[] TEXT_PART =
      ascii("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"");
  private static final byte[] REFUSAL_PART = ascii("{\"type\":\"refusal\",\"refusal\":\"");
  private static final byte[] NO_ARGUMENTS = ascii("{}");

  private final Kind kind;

  // Keeps the text, or the arguments; knows which call it is.
  private final StreamBlock block;

  private int index = -1;
  private String base = "";
  private byte[] id = {};
  private boolean done;
  private boolean cut;

  private ResponseItem(Kind kind, StreamBlock block) {
    this.kind = kind;
    this.block = block;
  }

  /// An item with a text.
  static ResponseItem of(Kind kind) {
    return new ResponseItem(kind, StreamBlock.of(StreamBlock.Kind.TEXT));
  }

  /// The call that its provider numbers `toolIndex`.
  static ResponseItem ofCall(long toolIndex) {
    return new ResponseItem(Kind.CALL, StreamBlock.ofTool(toolIndex));
  }

  /// The item stands at `index` of the output; its ids are made of `base`, which is plain.
  void place(int index, String base) {
    this.index = index;
    this.base = base;
    this.id = ascii(kind.prefix + base + "_" + index);
  }

  Kind kind() {
    return kind;
  }

  StreamBlock block() {
    return block;
  }

  int index() {
    return index;
  }

  /// Of [#place], in ASCII.
  byte[] id() {
    return id;
  }

  /// The text, or the arguments, so far.
  HeldBytes text() {
    return block.held;
  }

  /// Whether it has its place in the output.
  boolean isPlaced() {
    return index >= 0;
  }

  /// Whether more of it may come.
  boolean isOpen() {
    return isPlaced() && !done;
  }

  /// Nothing more of it comes; `responseIsCut` says that the response ended before its end. A call
  /// that was whole by then is so all the same.
  void close(boolean responseIsCut) {
    done = true;
    cut = responseIsCut && !(kind == Kind.CALL && block.isWhole());
  }

  /// Whether it is a call that says nothing, though arguments are JSON.
  boolean lacksArguments() {
    return kind == Kind.CALL && block.held.length() == 0;
  }

  /// Keeps the next piece of the text.
  void keep(byte[] bytes, int from, int to) {
    block.held.add(bytes, from, to);
  }

  /// Keeps that there are no arguments.
  void keepNoArguments() {
    keep(NO_ARGUMENTS, 0, NO_ARGUMENTS.length);
  }

  /// Writes the item as it is announced, without what it holds.
  void writeEmpty(ByteBuf out) {
    write(out, IN_PROGRESS, false);
  }

  /// Writes the item as it ended.
  void write(ByteBuf out) {
    write(out, cut ? INCOMPLETE : COMPLETED, true);
  }

  /// Writes the part that holds its text, or will hold it.
  void writePart(ByteBuf out, boolean whole) {
    out.writeBytes(kind.part());
    if (whole) {
      writeText(out);
    }
    out.writeBytes(STRING_END);
  }

  /// Writes the inside of the string that the text is.
  void writeText(ByteBuf out) {
    EscapedText.copy(out, block.held.array(), 0, block.held.length());
  }

  private void write(ByteBuf out, byte[] status, boolean whole) {
    out.writeBytes(ID).writeBytes(id).writeBytes(TYPE).writeBytes(kind.type);
    out.writeBytes(STATUS).writeBytes(status);
    if (kind == Kind.CALL) {
      writeCall(out, whole);
      return;
    }
    out.writeBytes(kind.list);
    if (whole) {
      writePart(out, true);
    }
    out.writeBytes(LIST_END);
  }

  private void writeCall(ByteBuf out, boolean whole) {
    out.writeBytes(ARGUMENTS);
    if (whole) {
      writeText(out);
    }
    out.writeBytes(CALL_ID);
    if (block.id.length == 0) {
      out.writeBytes(CALL_PREFIX);
      out.writeCharSequence(base + "_" + index, US_ASCII);
    } else {
      EscapedText.copy(out, block.id, 0, block.id.length);
    }
    out.writeBytes(NAME);
    EscapedText.copy(out, block.name, 0, block.name.length);
    out.writeBytes(STRING_END);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
