package io.llmproxy.provider.translate;

import io.netty.buffer.ByteBufAllocator;

/// Turns a Chat Completions stream of OpenAI, GLM, Groq, Grok or the like into one of Messages.
///
/// A stream that ends before the provider said why is not given an end. After an error nothing more
/// is written.
public final class ChatToMessagesStream extends ChatStream {

  /// Shows the caller `model`, and ids made of `requestId` where the provider gives none.
  /// `inputEstimate` is what it is told of its input before the provider counts, 0 if unknown.
  public ChatToMessagesStream(
      ByteBufAllocator allocator, String model, String requestId, long inputEstimate) {
    super(
        allocator,
        new MessageOutput(new MessageEvents(model, requestId)),
        requestId,
        inputEstimate);
  }
}
