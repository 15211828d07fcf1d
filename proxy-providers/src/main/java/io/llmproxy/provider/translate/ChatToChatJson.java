package io.llmproxy.provider.translate;

import io.llmproxy.provider.openai.ChatJsonReader;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns one whole chat completion of GLM into one as a client of OpenAI expects it. It is held
/// until its end; one too long to be held goes on as it came.
public final class ChatToChatJson implements ReplyReader {
  /// The longest completion that is held, in bytes.
  public static final int LONGEST = ChatToMessagesJson.LONGEST;

  private static final int FIRST_BYTES = 4096;

  private final ByteBufAllocator allocator;
  private final ChatCorrection correction = ChatCorrection.ofCompletion();
  private final ReplyReader reader = ChatJsonReader.ofChat();
  private final ByteBuf held;
  private final SharedRoom room = new SharedRoom(LONGEST);
  private boolean givenOn;

  public ChatToChatJson(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.held = allocator.heapBuffer(FIRST_BYTES, LONGEST);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    if (!givenOn && !room.has((long) held.readableBytes() + part.readableBytes())) {
      givenOn = true;
      reader.read(held.retainedDuplicate(), sink);
    }
    if (givenOn) {
      reader.read(part, sink);
    } else {
      held.writeBytes(part);
      part.release();
    }
  }

  @Override
  public void finish(PartSink sink) {
    int from = held.arrayOffset();
    if (givenOn) {
      reader.finish(sink);
    } else if (correction.read(held.array(), from, from + held.readableBytes())) {
      ByteBuf out = allocator.buffer(held.readableBytes() + FIRST_BYTES / 4);
      correction.write(out);
      reader.read(out, sink);
      reader.finish(sink);
    } else {
      reader.read(held.retainedDuplicate(), sink);
      reader.finish(sink);
    }
  }

  @Override
  public boolean isComplete() {
    return reader.isComplete();
  }

  @Override
  public boolean hasContent() {
    return reader.hasContent();
  }

  @Override
  public boolean hasError() {
    return reader.hasError();
  }

  @Override
  public Usage usage() {
    return reader.usage();
  }

  @Override
  public Billing billing() {
    return reader.billing();
  }

  @Override
  public UsageSource usageSource() {
    return reader.usageSource();
  }

  @Override
  public void release() {
    reader.release();
    held.release();
    room.clear();
  }
}
