package io.llmproxy.provider.translate;

import io.llmproxy.provider.anthropic.MessagesJsonReader;
import io.llmproxy.provider.anthropic.MessagesStreamReader;
import io.llmproxy.provider.openai.ChatJsonReader;
import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.openai.ResponsesJsonReader;
import io.llmproxy.provider.openai.ResponsesStreamReader;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBufAllocator;

/// The table of what follows a reply.
public final class ReplyReaders {

  private ReplyReaders() {}

  /// What follows a successful reply of `target` to a caller of Chat Completions: as [#spliced],
  /// but that what GLM, Groq and Grok say otherwise than OpenAI is said in OpenAI's words. The
  /// length of such a reply is not the provider's.
  public static ReplyReader chat(
      ChatTarget target, boolean eventStream, boolean stripUsage, ByteBufAllocator allocator) {
    boolean streamDeparts =
        target == ChatTarget.GLM || target == ChatTarget.GROQ || target == ChatTarget.GROK;
    if (eventStream && streamDeparts) {
      return new ChatToChatStream(allocator, stripUsage);
    }
    if (!eventStream && target == ChatTarget.GLM) {
      return new ChatToChatJson(allocator);
    }
    return spliced(Operation.CHAT_COMPLETIONS, eventStream, stripUsage);
  }

  /// What follows a successful reply that goes on in the dialect it came in. `eventStream` tells a
  /// body of text/event-stream from one of JSON, whatever the caller asked for; `stripUsage` that
  /// the proxy asked for a usage chunk which the caller does not expect.
  public static ReplyReader spliced(Operation operation, boolean eventStream, boolean stripUsage) {
    return switch (operation) {
      case CHAT_COMPLETIONS ->
          eventStream ? new ChatStreamReader(stripUsage) : ChatJsonReader.ofChat();
      case EMBEDDINGS -> ChatJsonReader.ofEmbeddings();
      case MESSAGES -> eventStream ? new MessagesStreamReader() : MessagesJsonReader.ofMessage();
      case COUNT_TOKENS -> MessagesJsonReader.ofTokenCount();
      case RESPONSES -> eventStream ? new ResponsesStreamReader() : new ResponsesJsonReader();
    };
  }
}
