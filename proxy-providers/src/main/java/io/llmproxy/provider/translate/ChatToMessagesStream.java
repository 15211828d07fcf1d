package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns a Chat Completions stream of OpenAI, GLM, Groq, Grok or the like into one of Messages.
///
/// A stream that ends before the provider said why is not given an end. After an error nothing more
/// is written.
public final class ChatToMessagesStream implements ReplyReader {
  private final ChatStream stream;

  /// Shows the caller `model`, and ids made of `requestId` where the provider gives none.
  /// `inputEstimate` is what it is told of its input before the provider counts, 0 if unknown.
  public ChatToMessagesStream(
      ByteBufAllocator allocator, String model, String requestId, long inputEstimate) {
    MessageOutput output = new MessageOutput(new MessageEvents(model, requestId));
    this.stream = new ChatStream(allocator, output, requestId, inputEstimate);
  }

  @Override
  public void read(ByteBuf part, PartSink sink) {
    stream.read(part, sink);
  }

  @Override
  public void finish(PartSink sink) {
    stream.finish(sink);
  }

  @Override
  public boolean isComplete() {
    return stream.isComplete();
  }

  @Override
  public boolean hasContent() {
    return stream.hasContent();
  }

  @Override
  public boolean hasError() {
    return stream.hasError();
  }

  @Override
  public Usage usage() {
    return stream.usage();
  }

  @Override
  public UsageSource usageSource() {
    return stream.usageSource();
  }

  @Override
  public void release() {
    stream.release();
  }
}
