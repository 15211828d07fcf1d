package io.llmproxy.client;

import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// A client of one or several proxies, or of providers without one. For any thread; one for a whole
/// program is enough.
///
/// ```java
/// try (LlmClient client = LlmClient.builder().endpoint("http://127.0.0.1:8080").build();
///     ChatStream answer = client.chat().stream(
///         ChatRequest.builder().model("gpt-6.1-terra").user("hello").build())) {
///   System.out.println(answer.text());
/// }
/// ```
public final class LlmClient implements AutoCloseable {

  private final Calls calls;
  private final @Nullable ExecutorService owned;

  /// @param owned the executor, where it ends with this
  LlmClient(Calls calls, @Nullable ExecutorService owned) {
    this.calls = calls;
    this.owned = owned;
  }

  public static ClientBuilder builder() {
    return new ClientBuilder();
  }

  /// In OpenAI's dialect: Chat Completions.
  public Chats chat() {
    return new Chats(calls, Dialect.OPENAI_CHAT);
  }

  /// In Anthropic's dialect: Messages.
  public Chats messages() {
    return new Chats(calls, Dialect.ANTHROPIC_MESSAGES);
  }

  /// Embeds texts, and waits for that.
  public EmbeddingAnswer embeddings(EmbeddingRequest request) {
    return Calls.join(embeddingsAsync(request));
  }

  public CompletableFuture<EmbeddingAnswer> embeddingsAsync(EmbeddingRequest request) {
    Ask ask =
        new Ask(
            "POST",
            "/embeddings",
            List.of(request.model()),
            model ->
                Body.object(
                    request.raw(),
                    body ->
                        body.member("model", json -> json.string(model))
                            .member("input", json -> ChatBody.strings(json, request.input()))),
            false,
            calls.deadline());
    return calls.whole(ask, AnswerReader::embeddings);
  }

  /// The models that may be asked for.
  public List<ModelInfo> models() {
    return Calls.join(modelsAsync());
  }

  public CompletableFuture<List<ModelInfo>> modelsAsync() {
    Ask ask =
        new Ask("GET", "/models", List.of(""), _ -> Unpooled.buffer(0), false, calls.deadline());
    return calls.whole(ask, (body, _) -> AnswerReader.models(body));
  }

  /// Cancels what is under way, and closes every connection.
  @Override
  public void close() {
    calls.core().close();
    if (owned != null) {
      owned.shutdown();
    }
  }
}
