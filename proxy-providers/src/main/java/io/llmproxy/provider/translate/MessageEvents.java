package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/// Writes the events of a Messages stream. Which event may follow which is its caller's business.
final class MessageEvents {
  private static final byte[] MESSAGE_START =
      ascii("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"");
  private static final byte[] MESSAGE_HEAD =
      ascii("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
  private static final byte[] MESSAGE_EMPTY =
      ascii(",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":");
  private static final byte[] BLOCK_START =
      ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
  private static final byte[] BLOCK_MIDDLE = ascii(",\"content_block\":");
  private static final byte[] TOOL_ID = ascii(",\"id\":\"");
  private static final byte[] TOOL_NAME = ascii("\",\"name\":\"");
  private static final byte[] TOOL_INPUT = ascii("\",\"input\":{}}");
  private static final byte[] BLOCK_DELTA =
      ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
  private static final byte[] DELTA_MIDDLE = ascii(",\"delta\":");
  private static final byte[] DELTA_END = ascii("\"}}\n\n");
  private static final byte[] SIGNATURE = ascii("{\"type\":\"signature_delta\",\"signature\":\"");
  private static final byte[] BLOCK_STOP =
      ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
  private static final byte[] MESSAGE_DELTA =
      ascii(
          "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"");
  private static final byte[] MESSAGE_USAGE = ascii("\",\"stop_sequence\":null},\"usage\":");
  private static final byte[] MESSAGE_STOP =
      ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  private static final byte[] ERROR = ascii("event: error\ndata: ");
  private static final byte[] NO_ARGUMENTS = ascii("{}");

  private final byte[] model;
  private final byte[] ours;
  private ByteBuf out = Unpooled.EMPTY_BUFFER;
  private int index = -1;

  // The beginning of a delta of the open block, made once.
  private byte[] delta = {};

  /// Shows `model` to the caller, and ids made of `requestId` where the provider gives none.
  MessageEvents(String model, String requestId) {
    this.model = JsonText.quoted(model);
    this.ours = MessageUsage.idPart(requestId);
  }

  /// Borrows `out`; events are appended to it from now on.
  void to(ByteBuf out) {
    this.out = out;
  }

  /// The message's id is made of the inside `id` of a string.
  void messageStart(byte[] bytes, Piece id, long inputTokens) {
    out.writeBytes(MESSAGE_START);
    MessageUsage.messageId(out, bytes, id, ours);
    out.writeBytes(MESSAGE_HEAD).writeBytes(model).writeBytes(MESSAGE_EMPTY);
    MessageUsage.write(out, MessageUsage.estimated(inputTokens, Usage.NONE));
    end("}}\n\n");
  }

  void blockStart(StreamBlock block) {
    index++;
    out.writeBytes(BLOCK_START);
    number(index);
    out.writeBytes(BLOCK_MIDDLE).writeBytes(block.kind.start);
    if (block.kind == StreamBlock.Kind.TOOL) {
      out.writeBytes(TOOL_ID);
      MessageUsage.toolId(out, block.id, Piece.all(block.id), ours, index);
      out.writeBytes(TOOL_NAME);
      EscapedText.copy(out, block.name, 0, block.name.length);
      out.writeBytes(TOOL_INPUT);
    }
    end("}\n\n");
    byte[] number = Integer.toString(index).getBytes(US_ASCII);
    delta = HeldBytes.joined(BLOCK_DELTA, number, DELTA_MIDDLE, block.kind.delta);
  }

  /// The inside `[from, to)` of a string is the next of the open block.
  void blockDelta(byte[] bytes, int from, int to) {
    out.writeBytes(delta);
    EscapedText.copy(out, bytes, from, to);
    out.writeBytes(DELTA_END);
  }

  /// The open block is a call without arguments: says so in JSON, since clients parse what they
  /// were given.
  void noArguments() {
    blockDelta(NO_ARGUMENTS, 0, NO_ARGUMENTS.length);
  }

  /// The open block is thinking whose text is whole.
  void signature() {
    out.writeBytes(BLOCK_DELTA);
    number(index);
    out.writeBytes(DELTA_MIDDLE).writeBytes(SIGNATURE).writeBytes(ThinkingMark.bytes());
    out.writeBytes(DELTA_END);
  }

  void blockStop() {
    out.writeBytes(BLOCK_STOP);
    number(index);
    end("}\n\n");
  }

  void messageEnd(StopReason reason, Usage usage) {
    out.writeBytes(MESSAGE_DELTA).writeBytes(reason.word()).writeBytes(MESSAGE_USAGE);
    MessageUsage.write(out, usage);
    end("}\n\n");
    out.writeBytes(MESSAGE_STOP);
  }

  void error(ChatError error) {
    out.writeBytes(ERROR);
    error.write(out);
    end("\n\n");
  }

  private void number(int value) {
    if (value < 10) {
      out.writeByte('0' + value);
    } else {
      out.writeCharSequence(Integer.toString(value), US_ASCII);
    }
  }

  private void end(String text) {
    out.writeCharSequence(text, US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
