package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.wire.SharedRoom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// A reply in JSON on its way to become a stream.
final class HeldJson implements Shape {
  private static final int FIRST_BYTES = 4096;

  private final Unfold unfold;
  private final ByteBuf held;
  private final SharedRoom room = new SharedRoom(ReshapedReply.LONGEST);
  private long received;
  private boolean tooLong;

  HeldJson(Unfold unfold, ByteBufAllocator allocator) {
    this.unfold = unfold;
    this.held = allocator.heapBuffer(FIRST_BYTES, ReshapedReply.LONGEST);
  }

  /// Whether `json` is one whole object, by the letter.
  static boolean isObject(ByteBuf json) {
    JsonScanner scanner = new JsonScanner(FieldNames.of());
    scanner.feed(json);
    return scanner.finish() && scanner.rootKind() == JsonKind.OBJECT;
  }

  @Override
  public void part(ByteBuf part) {
    received += part.readableBytes();
    tooLong |= !room.has(received);
    if (!tooLong) {
      held.writeBytes(part);
    }
    part.release();
  }

  @Override
  public @Nullable ByteBuf whole(ByteBufAllocator allocator) {
    if (!isObject(held)) {
      return null;
    }
    byte[] bytes = held.array();
    int from = held.arrayOffset() + held.readerIndex();
    int to = JsonStrings.compact(bytes, from, from + held.readableBytes());
    ByteBuf out = allocator.buffer(to - from + FIRST_BYTES);
    if (unfold.write(JsonSpan.of(bytes, from, to), out)) {
      return out;
    }
    out.release();
    return null;
  }

  /// The provider's own bytes tell it.
  @Override
  public @Nullable ByteBuf error(ByteBufAllocator allocator) {
    return null;
  }

  @Override
  public boolean isOverflown() {
    return tooLong;
  }

  @Override
  public void release() {
    held.release();
    room.clear();
  }
}
