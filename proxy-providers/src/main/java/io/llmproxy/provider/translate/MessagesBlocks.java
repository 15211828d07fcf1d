package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.wire.ContentMeter;
import io.llmproxy.provider.wire.JsonText;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The content blocks of one Messages stream as chunks of Chat Completions, which number only the
/// tool calls, from 0.
final class MessagesBlocks {

  private enum Block {
    TYPE,
    TEXT,
    THINKING,
    ID,
    NAME,
    INPUT
  }

  private static final byte[] NOTHING = {};
  private static final byte[] NO_ARGUMENTS = {'{', '}'};

  private final ChatChunks chunks;
  private final ContentMeter meter;
  private final OpenCalls calls = new OpenCalls();
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Block> block = new Members<>(Block.class);

  MessagesBlocks(ChatChunks chunks, ContentMeter meter) {
    this.chunks = chunks;
    this.meter = meter;
  }

  /// The block whose object begins at `from` begins, as the one numbered `index`.
  void begin(ByteBuf out, byte[] data, int from, int limit, long index) {
    if (from < 0 || !block.read(data, from, limit)) {
      return;
    }
    if (block.is(Block.TYPE, "tool_use")) {
      beginCall(out, data, index);
    } else if (block.is(Block.TYPE, "text") && block.hasText(Block.TEXT)) {
      int start = block.insideFrom(Block.TEXT);
      chunks.content(out, data, start, block.insideTo(Block.TEXT));
      meter.add(block.insideTo(Block.TEXT) - start);
    } else if (block.is(Block.TYPE, "thinking") && block.hasText(Block.THINKING)) {
      int start = block.insideFrom(Block.THINKING);
      chunks.reasoning(out, data, start, block.insideTo(Block.THINKING));
      meter.add(block.insideTo(Block.THINKING) - start);
    }
  }

  /// Blocks that are whole already, in the array at `from`.
  void whole(ByteBuf out, byte[] data, int from, int limit) {
    cursor.reset(data, from, limit);
    cursor.enterArray();
    while (cursor.nextElement()) {
      begin(out, data, cursor.valueStart(), limit, JsonCursor.ABSENT);
      end(out, JsonCursor.ABSENT);
      cursor.skipValue();
    }
  }

  /// A piece of the input of the block `index`.
  void grow(ByteBuf out, byte[] data, int from, int to, long index) {
    int call = calls.grow(index);
    // The input of a tool that runs at the provider is not the caller's business.
    if (call != OpenCalls.NONE) {
      chunks.arguments(out, call, data, from, to);
      meter.add(to - from);
    }
  }

  /// The block `index` ends. A call without arguments has an empty object of them, which must be
  /// told, since "" is no JSON.
  void end(ByteBuf out, long index) {
    int slot = calls.slot(index);
    if (slot == OpenCalls.NONE) {
      return;
    }
    endCall(out, slot);
  }

  /// All blocks end.
  void endAll(ByteBuf out) {
    while (!calls.isEmpty()) {
      endCall(out, 0);
    }
  }

  private void endCall(ByteBuf out, int slot) {
    if (!calls.isTold(slot)) {
      chunks.wholeArguments(out, calls.call(slot), calls.input(slot));
    }
    calls.end(slot);
  }

  private void beginCall(ByteBuf out, byte[] data, long index) {
    int call = calls.begin(index, input(data));
    chunks.call(out, call, id(data), inside(data, Block.NAME));
    meter.add(0);
  }

  private byte[] input(byte[] data) {
    return block.first(Block.INPUT) == '{'
        ? Arrays.copyOfRange(data, block.from(Block.INPUT), block.to(Block.INPUT))
        : NO_ARGUMENTS;
  }

  /// The id as the caller knows it, escaped.
  private byte[] id(byte[] data) {
    String id = block.text(Block.ID);
    if (!ToolIds.isMarked(id)) {
      return inside(data, Block.ID);
    }
    byte[] quoted = JsonText.quoted(ToolIds.original(id));
    return Arrays.copyOfRange(quoted, 1, quoted.length - 1);
  }

  private byte[] inside(byte[] data, Block name) {
    return block.isString(name)
        ? Arrays.copyOfRange(data, block.insideFrom(name), block.insideTo(name))
        : NOTHING;
  }
}
