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

/// Turns one whole chat completion into one response. The completion is held until its end, then
/// the response is given; a reply that is none, or too long, becomes the body of an error.
public final class ChatToResponsesJson implements ReplyReader {
  /// The longest completion that is held, in bytes.
  public static final int LONGEST = ChatToMessagesJson.LONGEST;

  private static final int FIRST_BYTES = 4096;

  private final ByteBufAllocator allocator;
  private final ResponseObject response;
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

  /// `inputEstimate` is what the caller is told of its input if the provider does not count, 0 if
  /// unknown.
  public ChatToResponsesJson(ByteBufAllocator allocator, ResponseHead head, long inputEstimate) {
    this.allocator = allocator;
    this.response = new ResponseObject(head);
    this.inputEstimate = inputEstimate;
    this.error = new ChatError(head.requestId());
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
      error.writeOpenAi(out);
    } else {
      write(out);
    }
    sink.part(out);
  }

  private void write(ByteBuf out) {
    response.id(record.bytes(), record.id);
    CompletionItems items = new CompletionItems(record, response.base());
    content = !items.all().isEmpty();
    textBytes = items.textBytes();
    Usage counts = usage();
    response.write(
        out,
        items.all(),
        record.finish(),
        usage.isReported() ? counts : MessageUsage.estimated(inputEstimate, counts));
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
