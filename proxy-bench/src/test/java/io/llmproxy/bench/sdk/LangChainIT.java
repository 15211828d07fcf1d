package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// LangChain4j through the proxy: Java's own HTTP client, which offers `h2c` on every request,
/// never asks for compression, and waits for a stream's very last event.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class LangChainIT {

  private static final String QUESTION = "What is the capital of France — and “why”? 🇫🇷";
  private static final String TWELVE_WORDS =
      "This answer is simulated. It comes word by word, at the pace ";

  private final Lab lab;

  LangChainIT() throws IOException {
    lab = Lab.cleartext();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /// What a stream told: the texts as they came, and the answer they made.
  private record Streamed(List<String> texts, ChatResponse answer) {}

  private static Streamed streamed(StreamingChatModel model) throws Exception {
    List<String> texts = new CopyOnWriteArrayList<>();
    CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    model.chat(
        QUESTION,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String text) {
            texts.add(text);
          }

          @Override
          public void onCompleteResponse(ChatResponse answer) {
            whole.complete(answer);
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }
        });
    return new Streamed(texts, whole.get(20, TimeUnit.SECONDS));
  }

  private static void assertTwelveWords(ChatResponse answer) {
    assertThat(answer.aiMessage().text()).isEqualTo(TWELVE_WORDS);
    assertThat(answer.tokenUsage().outputTokenCount()).isEqualTo(12);
    assertThat(answer.finishReason()).hasToString("STOP");
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void openAisModelAnswersWhoeverIsAsked(SimulatedProvider provider) throws Exception {
    String model = provider.key() + "/sim-words,events=12";
    ChatModel whole =
        OpenAiChatModel.builder()
            .baseUrl(lab.origin() + "/v1")
            .apiKey(SdkLab.CALLER_KEY)
            .modelName(model)
            .build();
    assertTwelveWords(whole.chat(dev.langchain4j.data.message.UserMessage.from(QUESTION)));
    Streamed streamed = streamed(openAi(model));
    assertThat(streamed.texts()).hasSize(12);
    assertTwelveWords(streamed.answer());
  }

  private StreamingChatModel openAi(String model) {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(lab.origin() + "/v1")
        .apiKey(SdkLab.CALLER_KEY)
        .modelName(model)
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void anthropicsModelAnswersWhoeverIsAsked(SimulatedProvider provider) throws Exception {
    String model = provider.key() + "/sim-words,events=12";
    ChatModel whole =
        AnthropicChatModel.builder()
            .baseUrl(lab.origin() + "/v1")
            .apiKey(SdkLab.CALLER_KEY)
            .modelName(model)
            .maxTokens(400)
            .build();
    assertTwelveWords(whole.chat(dev.langchain4j.data.message.UserMessage.from(QUESTION)));
    Streamed streamed = streamed(anthropic(model));
    assertThat(streamed.texts()).hasSize(12);
    assertTwelveWords(streamed.answer());
  }

  private StreamingChatModel anthropic(String model) {
    return AnthropicStreamingChatModel.builder()
        .baseUrl(lab.origin() + "/v1")
        .apiKey(SdkLab.CALLER_KEY)
        .modelName(model)
        .maxTokens(400)
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void neitherTakesAPartForTheWhole(SimulatedProvider provider) {
    for (String fault : List.of("end=5", "cut=5", "error_event=5")) {
      String model = provider.key() + "/sim-events=20," + fault;
      for (StreamingChatModel each : List.of(openAi(model), anthropic(model))) {
        assertThatThrownBy(() -> streamed(each)).as(model).isInstanceOf(ExecutionException.class);
      }
    }
  }
}
