package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;

/// The parts of a message that a stream and a whole message share: usage in the arithmetic of
/// Messages, and ids.
final class MessageUsage {
  private static final byte[] INPUT = "input_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_WRITE = "cache_creation_input_tokens".getBytes(US_ASCII);
  private static final byte[] CACHE_READ = "cache_read_input_tokens".getBytes(US_ASCII);
  private static final byte[] OUTPUT = "output_tokens".getBytes(US_ASCII);
  private static final byte[] DETAILS = "output_tokens_details".getBytes(US_ASCII);
  private static final byte[] THINKING = "thinking_tokens".getBytes(US_ASCII);
  private static final byte[] MESSAGE_PREFIX = "msg_".getBytes(US_ASCII);
  private static final byte[] TOOL_PREFIX = "toolu_".getBytes(US_ASCII);

  private MessageUsage() {}

  /// Writes `usage` as an object: its input is what no cache read or wrote, its output includes
  /// thinking.
  static void write(ByteBuf out, Usage usage) {
    JsonWriter json = new JsonWriter(out);
    json.startObject();
    json.name(INPUT).number(usage.input() + usage.inputAudio());
    json.name(CACHE_WRITE).number(usage.cacheWrite());
    json.name(CACHE_READ).number(usage.cachedInput());
    json.name(OUTPUT).number(usage.totalOutput());
    if (usage.reasoning() > 0) {
      json.name(DETAILS).startObject();
      json.name(THINKING).number(usage.reasoning()).endObject();
    }
    json.endObject();
  }

  /// What a caller is told where the provider counted nothing: an input that was estimated before,
  /// and the output of `seen`.
  static Usage estimated(long input, Usage seen) {
    return new Usage(input, 0, 0, 0, 0, 0, 0, seen.totalOutput(), 0, 0, 0);
  }

  /// Writes the inside of a message's id: the provider's `id`, marked as one of a message, or one
  /// made of ours where it gave none.
  static void messageId(ByteBuf out, byte[] bytes, Piece id, byte[] ours) {
    out.writeBytes(MESSAGE_PREFIX);
    if (id.isEmpty()) {
      out.writeBytes(ours);
    } else {
      EscapedText.copy(out, bytes, id.from, id.to);
    }
  }

  /// Writes the inside of a tool call's id: the provider's `id`, or one made of ours and of the
  /// call's place where it gave none.
  static void toolId(ByteBuf out, byte[] bytes, Piece id, byte[] ours, int place) {
    if (id.isEmpty()) {
      out.writeBytes(TOOL_PREFIX).writeBytes(ours).writeByte('_');
      out.writeCharSequence(Integer.toString(place), US_ASCII);
    } else {
      EscapedText.copy(out, bytes, id.from, id.to);
    }
  }

  /// What `requestId` contributes to ids: nothing but what Anthropic's may hold.
  static byte[] idPart(String requestId) {
    byte[] part = requestId.getBytes(US_ASCII);
    for (int i = 0; i < part.length; i++) {
      boolean plain = Character.isLetterOrDigit(part[i]) || part[i] == '_' || part[i] == '-';
      part[i] = plain ? part[i] : (byte) '_';
    }
    return part;
  }
}
