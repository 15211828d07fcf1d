package io.llmproxy.provider.translate;

import io.llmproxy.provider.anthropic.MessagesJsonReader;
import io.llmproxy.provider.anthropic.MessagesStreamReader;
import io.llmproxy.provider.openai.ChatJsonReader;
import io.llmproxy.provider.openai.ChatStreamReader;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;

/// The table of what follows a reply.
public final class ReplyReaders {

  private ReplyReaders() {}

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
      case RESPONSES ->
          throw new IllegalArgumentException(
              "operation: RESPONSES (expected: one whose dialect has a spliced reader)");
    };
  }
}
