package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// openai-java through the proxy, over HTTP/1.1 in cleartext and over HTTP/2 with TLS.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class OpenAiSdkIT {

  private final SdkLab lab;

  OpenAiSdkIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  static Stream<Arguments> providers() {
    return Stream.of(Wire.values())
        .flatMap(wire ->
            Stream.of(SimulatedProvider.values())
                .filter(provider -> provider != SimulatedProvider.ANTHROPIC)
                .map(provider -> Arguments.of(wire, provider)));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void streamsEveryEventInOrder(Wire wire, SimulatedProvider provider) {
    List<String> texts = new ArrayList<>();
    stream(wire, params(provider.key() + "/sim-events=40,bytes=16,rate=400")).stream()
        .flatMap(chunk -> chunk.choices().stream())
        .forEach(choice ->
            choice.delta().content().filter(text -> !text.isEmpty()).ifPresent(texts::add));
    assertThat(texts).hasSize(40).containsOnly("the answer goes ");
    lab.assertOpenAiSpoke(wire);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void streamsTheListedModelsWords(Wire wire, SimulatedProvider provider) {
    String model = LabYaml.LISTED.getOrDefault(provider, "");
    List<ChatCompletionChunk.Choice> choices =
        stream(wire, params(model)).stream().flatMap(chunk -> chunk.choices().stream()).toList();
    String streamed =
        choices.stream()
            .flatMap(choice -> choice.delta().content().stream())
            .collect(Collectors.joining());
    assertThat(streamed).isEqualTo(text(complete(wire, params(model)))).isNotBlank();
    assertThat(choices.getLast().finishReason().orElseThrow().asString()).isEqualTo("stop");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void answersWithoutAStream(Wire wire, SimulatedProvider provider) {
    ChatCompletion answer = complete(wire, params(provider.key() + "/sim-events=7,bytes=16"));
    assertThat(text(answer)).isEqualTo("the answer goes ".repeat(7));
    assertThat(answer.usage().map(CompletionUsage::completionTokens)).contains(7L);
    lab.assertOpenAiSpoke(wire);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void reportsTheUsageThatTheProviderBilled(Wire wire, SimulatedProvider provider) {
    String script = "sim-events=9,id=usage";
    ChatCompletionCreateParams params =
        params(provider.key() + "/" + script).toBuilder()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    List<CompletionUsage> usages = usages(stream(wire, params));
    assertThat(usages).extracting(CompletionUsage::completionTokens).containsExactly(9L);
    assertThat(lab.billedOutput(wire, provider, script)).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void hidesUsageThatTheCallerDidNotAskFor(Wire wire) {
    List<ChatCompletionChunk> chunks = stream(wire, params("openai/sim-events=3,id=hidden"));
    assertThat(usages(chunks)).isEmpty();
    assertThat(chunks).noneMatch(chunk -> chunk.choices().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void streamsParallelToolCalls(Wire wire) {
    ChatCompletion whole =
        accumulated(stream(wire, params("openai/sim-sample=openai-chat-stream-tools")));
    assertThat(calls(whole))
        .containsExactly(
            "call_8Kq1mZ2vT0pLr5yN get_weather {\"city\":\"Paris\"}",
            "call_2Wd9sX7bQ4hFj6cA get_time {}");
    assertThat(whole.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void streamsToolCallsThatComeWhole(Wire wire) {
    ChatCompletion groq =
        accumulated(stream(wire, params("groq/sim-sample=groq-chat-stream-tools")));
    assertThat(calls(groq))
        .containsExactly(
            "fc_0bd9b0a8-1 get_weather {\"city\":\"Paris\"}", "fc_0bd9b0a8-2 get_time {}");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void listsTheConfiguredModels(Wire wire) {
    List<String> ids = lab.openAi(wire).models().list().data().stream().map(Model::id).toList();
    assertThat(ids).containsAll(LabYaml.LISTED.values());
    Model one = lab.openAi(wire).models().retrieve("glm-5.3");
    assertThat(one.ownedBy()).isEqualTo("glm");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void embeds(Wire wire) {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Paris").build();
    assertThat(lab.openAi(wire).embeddings().create(params).data())
        .singleElement()
        .satisfies(row -> assertThat(row.embedding()).hasSize(3));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAnUnknownModelAsNotFound(Wire wire) {
    NotFoundException error =
        catchThrowableOfType(
            NotFoundException.class, () -> complete(wire, params("nobody-knows-this")));
    assertThat(error.code()).contains("model_not_found");
    assertThat(error.param()).contains("model");
    assertThat(error).hasMessageContaining("nobody-knows-this");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAnUnknownModelOfAStreamAsNotFound(Wire wire) {
    assertThatThrownBy(() -> stream(wire, params("nobody-knows-this")))
        .isInstanceOf(NotFoundException.class);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAFieldOfTheWrongKindAsABadRequest(Wire wire) {
    ChatCompletionCreateParams params =
        params("openai/sim-events=1").toBuilder()
            .putAdditionalBodyProperty("stream", JsonValue.from("yes"))
            .build();
    BadRequestException error =
        catchThrowableOfType(BadRequestException.class, () -> complete(wire, params));
    assertThat(error.param()).contains("stream");
    assertThat(error.type()).contains("invalid_request_error");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void passesOnTheProvidersOwnBadRequest(Wire wire) {
    BadRequestException error =
        catchThrowableOfType(
            BadRequestException.class,
            () -> complete(wire, params("openai/sim-sample=openai-400-param")));
    assertThat(error.type()).contains("invalid_request_error");
    assertThat(error.param()).isPresent();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsTheProvidersLimitAsARateLimit(Wire wire) {
    RateLimitException error =
        catchThrowableOfType(
            RateLimitException.class,
            () -> complete(wire, params("openai/sim-status=429,retry_after=7")));
    assertThat(error.headers().values("retry-after")).containsExactly("7");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAPageAsAnErrorInJson(Wire wire) {
    InternalServerException error =
        catchThrowableOfType(
            InternalServerException.class, () -> complete(wire, params("openai/sim-html")));
    assertThat(error.code()).contains("upstream_error");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void raisesWhenTheProviderIsCutOff(Wire wire, SimulatedProvider provider) {
    assertBreaksAfter(5, wire, provider.key() + "/sim-events=20,rate=200,cut=5");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void raisesWhenTheProviderEndsWithoutItsEnd(Wire wire, SimulatedProvider provider) {
    assertBreaksAfter(5, wire, provider.key() + "/sim-events=20,rate=200,end=5");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void raisesTheErrorThatTheProviderSaysInItsStream(Wire wire) {
    Throwable error = assertBreaksAfter(5, wire, "openai/sim-events=20,rate=200,error_event=5");
    assertThat(error).isInstanceOf(SseException.class);
    assertThat(((OpenAIServiceException) error).type()).contains("server_error");
  }

  /// Returns what was thrown after exactly `events` texts.
  private Throwable assertBreaksAfter(int events, Wire wire, String model) {
    List<String> texts = new ArrayList<>();
    Throwable error =
        catchThrowableOfType(
            OpenAIException.class,
            () -> {
              try (StreamResponse<ChatCompletionChunk> response =
                  lab.openAi(wire).chat().completions().createStreaming(params(model))) {
                response.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .filter(text -> !text.isEmpty())
                    .forEach(texts::add);
              }
            });
    assertThat(error).as("what breaks a cut stream").isNotNull();
    assertThat(texts).hasSize(events);
    return error;
  }

  private static ChatCompletionCreateParams params(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage("What is the capital of France — and “why”? 🇫🇷")
        .build();
  }

  private ChatCompletion complete(Wire wire, ChatCompletionCreateParams params) {
    return lab.openAi(wire).chat().completions().create(params);
  }

  private List<ChatCompletionChunk> stream(Wire wire, ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> response =
        lab.openAi(wire).chat().completions().createStreaming(params)) {
      return response.stream().toList();
    }
  }

  private static ChatCompletion accumulated(List<ChatCompletionChunk> chunks) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    chunks.forEach(accumulator::accumulate);
    return accumulator.chatCompletion();
  }

  private static String text(ChatCompletion answer) {
    return answer.choices().getFirst().message().content().orElse("");
  }

  private static List<CompletionUsage> usages(List<ChatCompletionChunk> chunks) {
    return chunks.stream().flatMap(chunk -> chunk.usage().stream()).toList();
  }

  private static List<String> calls(ChatCompletion answer) {
    return answer.choices().getFirst().message().toolCalls().orElse(List.of()).stream()
        .flatMap(OpenAiSdkIT::function)
        .toList();
  }

  private static Stream<String> function(ChatCompletionMessageToolCall call) {
    return call.function().stream()
        .map(f -> f.id() + " " + f.function().name() + " " + f.function().arguments());
  }
}
