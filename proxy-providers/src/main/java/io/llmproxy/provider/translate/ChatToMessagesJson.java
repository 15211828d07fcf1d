package io.llmproxy.provider.translate;

import io.llmproxy.provider.usage.ChatUsage;
import io.llmproxy.provider.wire.Billing;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns one whole chat completion into one message. The completion is held until its end, then the
/// message is given; a reply that is none, or too long, becomes the body of an error.
public final class ChatToMessagesJson implements ReplyReader {
  /// The longest completion that is held, in bytes.
  public static final int LONGEST = 32 * 1024 * 1024;

  private static final int FIRST_BYTES = 4096;

  private final ByteBufAllocator allocator;
  private final String model;
  private final String requestId;
  private final long inputEstimate;
  private final ChatUsage usage = new ChatUsage();
  private final ChatError error;
  private final ChatRecord record;
  private final ByteBuf held;
  private final SharedRoom room = new SharedRoom(LONGEST);
  private long received;
  private boolean tooLong;
  private boolean complete;
  private boolean content;
  private long textBytes;

  /// Shows the caller `model`, and ids made of `requestId` where the provider gives none.
  /// `inputEstimate` is what it is told of its input if the provider does not count, 0 if unknown.
  public ChatToMessagesJson(
      ByteBufAllocator allocator, String model, String requestId, long inputEstimate) {
    this.allocator = allocator;
    this.model = model;
    this.requestId = requestId;
    this.inputEstimate = inputEstimate;
    this.error = new ChatError(requestId);
    this.record = new ChatRecord(usage, error);
    this.held = allocator.heapBuffer(FIRST_BYTES, LONGEST);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    received += part.readableBytes();
    tooLong |= !room.has(received);
    if (!tooLong) {
      held.writeBytes(part);
    }
    part.release();
  }

  @Override
  public void finish(PartSink sink) {
    byte[] bytes = held.array();
    int from = held.arrayOffset();
    boolean whole = !tooLong && record.read(bytes, from, from + (int) received);
    if (tooLong) {
      error.set("the provider's reply is longer than can be translated");
    } else if (!error.isPresent() && !(whole && record.hasChoice())) {
      error.set("the provider's reply is not a whole chat completion");
    }
    ByteBuf out = allocator.buffer(held.readableBytes() + FIRST_BYTES / 4);
    if (error.isPresent()) {
      error.write(out);
    } else {
      write(new ChatMessage(out, record, requestId));
    }
    sink.part(out);
  }

  private void write(ChatMessage message) {
    message.begin(model);
    message.content();
    content = message.hasContent();
    textBytes = message.textBytes();
    Usage counts = usage();
    message.end(usage.isReported() ? counts : MessageUsage.estimated(inputEstimate, counts));
    complete = true;
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public boolean hasContent() {
    return content;
  }

  @Override
  public boolean hasError() {
    return error.isPresent();
  }

  @Override
  public Usage usage() {
    return usage.isReported() ? usage.usage() : Usage.NONE.plusOutput(textBytes / 4);
  }

  @Override
  public Billing billing() {
    return usage.billing();
  }

  @Override
  public UsageSource usageSource() {
    return usage.isReported() ? UsageSource.REPORTED : UsageSource.ESTIMATED;
  }

  @Override
  public void release() {
    held.release();
    room.clear();
  }
}
