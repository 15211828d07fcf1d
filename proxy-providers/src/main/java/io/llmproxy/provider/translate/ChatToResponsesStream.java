package io.llmproxy.provider.translate;

import io.netty.buffer.ByteBufAllocator;

/// Turns a Chat Completions stream of OpenAI, GLM, Groq, Grok or the like, or one that was made of
/// Messages, into one of Responses.
///
/// What the caller is told is kept, since the last event repeats it whole. A stream that ends
/// before the provider said why is not given an end. After an error nothing more is written.
public final class ChatToResponsesStream extends ChatStream {

  /// `inputEstimate` is what the caller is told of its input if the provider does not count, 0 if
  /// unknown.
  public ChatToResponsesStream(ByteBufAllocator allocator, ResponseHead head, long inputEstimate) {
    super(
        allocator,
        new ResponseOutput(new ResponseEvents(new ResponseObject(head))),
        head.requestId(),
        inputEstimate);
  }
}
