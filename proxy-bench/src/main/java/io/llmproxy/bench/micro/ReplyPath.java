package io.llmproxy.bench.micro;

import io.llmproxy.provider.translate.ChatTarget;
import io.llmproxy.provider.translate.ChatToMessagesStream;
import io.llmproxy.provider.translate.ChatToResponsesStream;
import io.llmproxy.provider.translate.MessagesToChatStream;
import io.llmproxy.provider.translate.ReplyChain;
import io.llmproxy.provider.translate.ReplyReaders;
import io.llmproxy.provider.translate.ResponseEcho;
import io.llmproxy.provider.translate.ResponseHead;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBufAllocator;

/// A way of a stream from its provider to the caller; named after the provider's dialect, then the
/// caller's.
public enum ReplyPath {
  /// One dialect on both sides: the bytes go on, and are read for usage.
  CHAT_SPLICED(ProviderStream.OPENAI_CHAT) {
    @Override
    ReplyReader reader() {
      return ReplyReaders.spliced(Operation.CHAT_COMPLETIONS, true, true);
    }
  },
  MESSAGES_SPLICED(ProviderStream.MESSAGES) {
    @Override
    ReplyReader reader() {
      return ReplyReaders.spliced(Operation.MESSAGES, true, false);
    }
  },
  RESPONSES_SPLICED(ProviderStream.RESPONSES) {
    @Override
    ReplyReader reader() {
      return ReplyReaders.spliced(Operation.RESPONSES, true, false);
    }
  },
  /// GLM's chat in OpenAI's words.
  CHAT_TO_CHAT(ProviderStream.GLM_CHAT) {
    @Override
    ReplyReader reader() {
      return ReplyReaders.chat(ChatTarget.GLM, true, false, ByteBufAllocator.DEFAULT);
    }
  },
  MESSAGES_TO_CHAT(ProviderStream.MESSAGES) {
    @Override
    ReplyReader reader() {
      return new MessagesToChatStream(MODEL, CREATED_SECONDS, true);
    }
  },
  CHAT_TO_MESSAGES(ProviderStream.OPENAI_CHAT) {
    @Override
    ReplyReader reader() {
      return new ChatToMessagesStream(ByteBufAllocator.DEFAULT, MODEL, REQUEST_ID, 100);
    }
  },
  CHAT_TO_RESPONSES(ProviderStream.OPENAI_CHAT) {
    @Override
    ReplyReader reader() {
      return toResponses();
    }
  },
  /// By way of Chat Completions: two translators.
  MESSAGES_TO_RESPONSES(ProviderStream.MESSAGES) {
    @Override
    ReplyReader reader() {
      return new ReplyChain(new MessagesToChatStream(MODEL, CREATED_SECONDS, true), toResponses());
    }
  };

  private static final String MODEL = "claude-sonnet-5-5";
  private static final String REQUEST_ID = "01m48tqzdve5v8d97j7jgm40as";
  private static final long CREATED_SECONDS = 1_795_376_400;

  private final ProviderStream stream;

  ReplyPath(ProviderStream stream) {
    this.stream = stream;
  }

  /// What follows one such stream.
  abstract ReplyReader reader();

  /// Whether what a caller was told is kept, because the last event repeats it.
  boolean keepsText() {
    return this == CHAT_TO_RESPONSES || this == MESSAGES_TO_RESPONSES;
  }

  ProviderStream stream() {
    return stream;
  }

  private static ReplyReader toResponses() {
    ResponseHead head = new ResponseHead(MODEL, REQUEST_ID, CREATED_SECONDS, ResponseEcho.NONE);
    return new ChatToResponsesStream(ByteBufAllocator.DEFAULT, head, 100);
  }
}
