package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Turns a Chat Completions stream of OpenAI, GLM, Groq, Grok or the like, or one that was made of
/// Messages, into one of Responses.
///
/// What the caller is told is kept, since the last event repeats it whole. A stream that ends
/// before the provider said why is not given an end. After an error nothing more is written.
public final class ChatToResponsesStream implements ReplyReader {
  private final ChatStream stream;

  /// `inputEstimate` is what the caller is told of its input if the provider does not count, 0 if
  /// unknown.
  public ChatToResponsesStream(ByteBufAllocator allocator, ResponseHead head, long inputEstimate) {
    ResponseObject response = new ResponseObject(head);
    ResponseOutput output = new ResponseOutput(new ResponseEvents(response));
    this.stream = new ChatStream(allocator, output, head.requestId(), inputEstimate);
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
