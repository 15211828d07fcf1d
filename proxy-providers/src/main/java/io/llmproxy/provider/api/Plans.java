package io.llmproxy.provider.api;

import io.llmproxy.provider.request.Adaptation;
import io.llmproxy.provider.request.RequestBody;
import io.llmproxy.provider.request.RequestFault;
import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.provider.request.WrittenBody;
import io.llmproxy.provider.translate.ChatTarget;
import io.llmproxy.provider.translate.ChatToMessages;
import io.llmproxy.provider.translate.MessagesToChat;
import io.llmproxy.provider.translate.MessagesTokenCount;
import io.llmproxy.provider.translate.ResponseEcho;
import io.llmproxy.provider.translate.ResponsesToChat;
import io.llmproxy.provider.translate.ThinkingMark;
import io.llmproxy.provider.translate.Translation;
import io.llmproxy.provider.wire.Dialect;
import io.llmproxy.provider.wire.Operation;
import io.llmproxy.provider.wire.PromptEstimate;
import io.llmproxy.provider.wire.TokenFactor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.stream.Stream;

/// Makes the plans: the caller's own bytes where the provider speaks the caller's dialect, else a
/// translation.
public final class Plans {

  private static final List<String> NOTHING = List.of();

  private Plans() {}

  /// How `body`, which was accepted as one of `operation`, is put to `model`, whose tokens are as
  /// `factors` has learned.
  public static Plan of(
      Operation operation,
      RequestBody body,
      ProviderModel model,
      TokenFactors factors,
      ByteBufAllocator allocator) {
    if (model.api().answers(operation)) {
      return operation == Operation.CHAT_COMPLETIONS
          ? splicedChat(body, model)
          : spliced(operation, body, model, allocator);
    }
    return switch (operation) {
      case CHAT_COMPLETIONS -> chatToMessages(body, model, allocator);
      case MESSAGES -> messagesToChat(body, model, factors.of(model), allocator);
      case COUNT_TOKENS ->
          new Plan.Estimate(
              MessagesTokenCount.answer(
                  estimate(body.copy(), factors.of(model)).tokens(), allocator));
      case RESPONSES ->
          model.api().dialect() == Dialect.ANTHROPIC_MESSAGES
              ? responsesToMessages(body, model, allocator)
              : responsesToChat(body, model, allocator);
      case EMBEDDINGS -> new Plan.Refuse(noSuchOperation(operation, body, model));
    };
  }

  /// As [#of], for a model that is asked in another's stead: what the other thought and signed is
  /// not replayed to it, which it would refuse.
  public static Plan inStead(
      Operation operation,
      RequestBody body,
      ProviderModel model,
      TokenFactors factors,
      ByteBufAllocator allocator) {
    if (operation == Operation.MESSAGES && model.api().answers(operation)) {
      ByteBuf stripped = ThinkingMark.stripAll(body.copy(), allocator);
      if (stripped != null) {
        UpstreamBody spliced = UnmarkedBody.of(operation, stripped, model.name());
        return new Plan.Ask(operation, spliced, NOTHING, Replies.spliced(operation));
      }
    }
    return of(operation, body, model, factors, allocator);
  }

  private static Plan splicedChat(RequestBody body, ProviderModel model) {
    Adaptation adaptation = body.adapt(model.quirks());
    RequestFault fault = adaptation.fault();
    if (fault != null) {
      return new Plan.Refuse(fault);
    }
    boolean unasked = body.isStreamed() && !body.asksForUsage();
    Replies replies = Replies.splicedChat(model.api().chatTarget(), unasked);
    boolean asks = unasked && model.api().asksForUsage();
    UpstreamBody spliced = body.splice(model.name(), asks, adaptation);
    return new Plan.Ask(Operation.CHAT_COMPLETIONS, spliced, adaptation.dropped(), replies);
  }

  private static Plan spliced(
      Operation operation, RequestBody body, ProviderModel model, ByteBufAllocator allocator) {
    Replies replies = Replies.spliced(operation);
    UpstreamBody spliced = body.splice(model.name(), false);
    if (model.api() == ProviderApi.ANTHROPIC && ThinkingMark.mayBeIn(body)) {
      ByteBuf stripped = ThinkingMark.strip(body.copy(), allocator);
      if (stripped != null) {
        spliced = UnmarkedBody.of(operation, stripped, model.name());
      }
    }
    return new Plan.Ask(operation, spliced, NOTHING, replies);
  }

  private static Plan chatToMessages(
      RequestBody body, ProviderModel model, ByteBufAllocator allocator) {
    Translation translation =
        ChatToMessages.translate(body.copy(), model.name(), model.messages(), allocator);
    Replies replies =
        Replies.translated(Operation.CHAT_COMPLETIONS, Operation.MESSAGES, model.name())
            .withUsageRecord(body.asksForUsage());
    return translated(Operation.MESSAGES, translation, replies);
  }

  private static PromptEstimate estimate(byte[] messages, TokenFactor factor) {
    return new PromptEstimate(MessagesTokenCount.estimate(messages), factor);
  }

  private static Plan messagesToChat(
      RequestBody body, ProviderModel model, TokenFactor factor, ByteBufAllocator allocator) {
    byte[] bytes = body.copy();
    Translation translation =
        MessagesToChat.translate(bytes, model.name(), model.api().chatTarget(), allocator);
    Replies replies =
        Replies.translated(Operation.MESSAGES, Operation.CHAT_COMPLETIONS, model.name())
            .withEstimate(estimate(bytes, factor));
    return translated(Operation.CHAT_COMPLETIONS, translation, replies);
  }

  private static Plan responsesToChat(
      RequestBody body, ProviderModel model, ByteBufAllocator allocator) {
    byte[] bytes = body.copy();
    Translation translation =
        ResponsesToChat.translate(bytes, model.name(), model.api().chatTarget(), allocator);
    Replies replies =
        Replies.translated(Operation.RESPONSES, Operation.CHAT_COMPLETIONS, model.name())
            .withEcho(ResponseEcho.of(bytes));
    return translated(Operation.CHAT_COMPLETIONS, translation, replies);
  }

  /// By way of Chat Completions.
  private static Plan responsesToMessages(
      RequestBody body, ProviderModel model, ByteBufAllocator allocator) {
    byte[] response = body.copy();
    return switch (ResponsesToChat.translate(
        response, model.name(), ChatTarget.MESSAGES, allocator)) {
      case Translation.Refused(RequestFault fault) -> new Plan.Refuse(fault);
      case Translation.Done(ByteBuf chat, List<String> droppedFirst) -> {
        byte[] bytes = ByteBufUtil.getBytes(chat);
        chat.release();
        Translation translation =
            ChatToMessages.translate(bytes, model.name(), model.messages(), allocator);
        Replies replies = Replies.translated(Operation.RESPONSES, Operation.MESSAGES, model.name());
        yield translated(Operation.MESSAGES, droppedToo(translation, droppedFirst), replies);
      }
    };
  }

  private static Translation droppedToo(Translation translation, List<String> droppedFirst) {
    return switch (translation) {
      case Translation.Done(ByteBuf written, List<String> dropped) ->
          new Translation.Done(
              written, Stream.concat(droppedFirst.stream(), dropped.stream()).distinct().toList());
      case Translation.Refused refused -> refused;
    };
  }

  private static Plan translated(Operation asked, Translation translation, Replies replies) {
    return switch (translation) {
      case Translation.Done(ByteBuf written, List<String> dropped) ->
          new Plan.Ask(asked, new WrittenBody(written), dropped, replies);
      case Translation.Refused(RequestFault fault) -> new Plan.Refuse(fault);
    };
  }

  private static RequestFault noSuchOperation(
      Operation operation, RequestBody body, ProviderModel model) {
    String others =
        model.api().dialect() == Dialect.ANTHROPIC_MESSAGES
            ? "a model of another provider"
            : "a model of OpenAI's";
    return RequestFault.unsupported(
        "model",
        body.model() + " has no " + operation.path().substring(1) + " (expected: " + others + ")");
  }
}
