package io.llmproxy.client;

import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/// Conversations with models, in one dialect. For any thread.
///
/// Every method fails with an [LlmException], or by one.
public final class Chats {

  private final Calls calls;
  private final Dialect dialect;

  Chats(Calls calls, Dialect dialect) {
    this.calls = calls;
    this.dialect = dialect;
  }

  /// Asks, and waits for the whole answer.
  public ChatAnswer create(ChatRequest request) {
    return Calls.join(createAsync(request));
  }

  /// Asks. Cancelling the future cancels the call, at the provider too.
  public CompletableFuture<ChatAnswer> createAsync(ChatRequest request) {
    return calls.whole(ask(request, false), (body, info) -> AnswerReader.chat(dialect, body, info));
  }

  /// Asks for a stream, to be read by this thread; close it.
  public ChatStream stream(ChatRequest request) {
    ChatStream stream = new ChatStream();
    begin(request, stream.subscriber(), Runnable::run);
    return stream;
  }

  /// A stream for each subscriber, asked for when it subscribes. As many events come as are
  /// requested; when none is, the provider is made to wait. Events are told on the client's
  /// executor. `Flow.Subscription.cancel` cancels the call, at the provider too.
  public Flow.Publisher<ChatEvent> publish(ChatRequest request) {
    return subscriber -> begin(request, subscriber, calls.executor());
  }

  private void begin(
      ChatRequest request, Flow.Subscriber<? super ChatEvent> subscriber, Executor executor) {
    EventFlow flow = new EventFlow(subscriber, executor);
    StreamReception reception = new StreamReception(dialect, calls.resume(), flow);
    flow.begin(calls.begin(ask(request, true), reception));
  }

  private Ask ask(ChatRequest request, boolean streamed) {
    boolean messages = dialect == Dialect.ANTHROPIC_MESSAGES;
    Duration deadline = calls.deadline();
    return new Ask(
        "POST",
        messages ? "/messages" : "/chat/completions",
        request.models(),
        model -> body(messages, request, model, streamed),
        streamed,
        deadline);
  }

  private static ByteBuf body(
      boolean messages, ChatRequest request, String model, boolean streamed) {
    return messages
        ? MessagesBody.of(request, model, streamed)
        : ChatBody.of(request, model, streamed);
  }
}
