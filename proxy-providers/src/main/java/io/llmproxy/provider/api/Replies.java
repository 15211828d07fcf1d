package io.llmproxy.provider.api;

import io.llmproxy.provider.translate.ChatTarget;
import io.llmproxy.provider.translate.ChatToMessagesJson;
import io.llmproxy.provider.translate.ChatToMessagesStream;
import io.llmproxy.provider.translate.ChatToResponsesJson;
import io.llmproxy.provider.translate.ChatToResponsesStream;
import io.llmproxy.provider.translate.MessagesToChatJson;
import io.llmproxy.provider.translate.MessagesToChatStream;
import io.llmproxy.provider.translate.ReplyChain;
import io.llmproxy.provider.translate.ReplyReaders;
import io.llmproxy.provider.translate.ReshapedReply;
import io.llmproxy.provider.translate.ResponseEcho;
import io.llmproxy.provider.translate.ResponseHead;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PromptEstimate;
import io.llmproxy.provider.wire.ReplyReader;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// What follows the reply to one request from the provider to the caller.
///
/// @param caller what the caller asked for
/// @param provider what the provider was asked for
/// @param target whose Chat Completions answer a caller of Chat Completions; null for any other
///   reply
/// @param model the name a caller is told where the reply is written anew
/// @param stripUsage whether the caller does not expect the usage record that was asked for
/// @param writeUsage whether a stream that is written anew ends in a usage record
/// @param echo what a response repeats of its request
/// @param estimate of the prompt, told before the provider has counted
public record Replies(
    Operation caller,
    Operation provider,
    @Nullable ChatTarget target,
    String model,
    boolean stripUsage,
    boolean writeUsage,
    ResponseEcho echo,
    PromptEstimate estimate) {

  static Replies spliced(Operation operation) {
    return new Replies(
        operation, operation, null, "", false, false, ResponseEcho.NONE, PromptEstimate.NONE);
  }

  static Replies splicedChat(ChatTarget target, boolean stripUsage) {
    Operation chat = Operation.CHAT_COMPLETIONS;
    return new Replies(
        chat, chat, target, "", stripUsage, false, ResponseEcho.NONE, PromptEstimate.NONE);
  }

  static Replies translated(Operation caller, Operation provider, String model) {
    return new Replies(
        caller, provider, null, model, false, false, ResponseEcho.NONE, PromptEstimate.NONE);
  }

  Replies withUsageRecord(boolean wanted) {
    return new Replies(caller, provider, target, model, stripUsage, wanted, echo, estimate);
  }

  Replies withEstimate(PromptEstimate made) {
    return new Replies(caller, provider, target, model, stripUsage, writeUsage, echo, made);
  }

  Replies withEcho(ResponseEcho repeated) {
    return new Replies(caller, provider, target, model, stripUsage, writeUsage, repeated, estimate);
  }

  /// Whether the reply is written anew, in another dialect than the provider's or in better words,
  /// so that its length is not the provider's.
  public boolean areTranslated() {
    return caller != provider || target == ChatTarget.GLM;
  }

  /// Whether a reply that arrives as a stream, or as JSON, is to become the other, because that is
  /// what its caller asked for.
  public boolean areReshaped(boolean arrivesAsStream, boolean streamAsked) {
    return arrivesAsStream != streamAsked && caller.isStreamable();
  }

  /// What follows a successful reply whose body is an event stream, or JSON.
  ///
  /// @param streamAsked whether the caller asked for a stream
  /// @param requestId of which ids are made that the provider does not give
  /// @param createdSeconds when the request arrived, Unix time
  public ReplyReader reader(
      boolean eventStream,
      boolean streamAsked,
      ByteBufAllocator allocator,
      String requestId,
      long createdSeconds) {
    if (!areReshaped(eventStream, streamAsked)) {
      return arriving(eventStream, allocator, requestId, createdSeconds);
    }
    if (eventStream) {
      ReplyReader stream =
          withUsageRecord(true).arriving(true, allocator, requestId, createdSeconds);
      return ReshapedReply.json(stream, caller, allocator);
    }
    boolean tellUsage = caller == provider ? !stripUsage : writeUsage;
    ReplyReader json = arriving(false, allocator, requestId, createdSeconds);
    return ReshapedReply.stream(json, caller, tellUsage, allocator);
  }

  /// What follows a reply in the shape that it arrives in.
  private ReplyReader arriving(
      boolean eventStream, ByteBufAllocator allocator, String requestId, long createdSeconds) {
    if (target != null) {
      return ReplyReaders.chat(target, eventStream, stripUsage, allocator);
    }
    if (caller == provider) {
      return ReplyReaders.spliced(caller, eventStream, stripUsage);
    }
    return eventStream
        ? stream(allocator, requestId, createdSeconds)
        : json(allocator, requestId, createdSeconds);
  }

  private ReplyReader stream(ByteBufAllocator allocator, String requestId, long createdSeconds) {
    return switch (caller) {
      case CHAT_COMPLETIONS -> new MessagesToChatStream(model, createdSeconds, writeUsage);
      case MESSAGES -> new ChatToMessagesStream(allocator, model, requestId, estimate.tokens());
      case RESPONSES -> {
        ReplyReader last =
            new ChatToResponsesStream(
                allocator,
                new ResponseHead(model, requestId, createdSeconds, echo),
                estimate.tokens());
        yield provider == Operation.MESSAGES
            ? new ReplyChain(new MessagesToChatStream(model, createdSeconds, true), last)
            : last;
      }
      case EMBEDDINGS, COUNT_TOKENS -> throw new IllegalStateException("no stream of " + caller);
    };
  }

  private ReplyReader json(ByteBufAllocator allocator, String requestId, long createdSeconds) {
    return switch (caller) {
      case CHAT_COMPLETIONS -> new MessagesToChatJson(model, createdSeconds);
      case MESSAGES -> new ChatToMessagesJson(allocator, model, requestId, estimate.tokens());
      case RESPONSES -> {
        ReplyReader last =
            new ChatToResponsesJson(
                allocator,
                new ResponseHead(model, requestId, createdSeconds, echo),
                estimate.tokens());
        yield provider == Operation.MESSAGES
            ? new ReplyChain(new MessagesToChatJson(model, createdSeconds), last)
            : last;
      }
      case EMBEDDINGS, COUNT_TOKENS ->
          throw new IllegalStateException("no translation of " + caller);
    };
  }
}
