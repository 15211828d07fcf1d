package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.models.ModelInfo;
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
import org.junit.jupiter.params.provider.EnumSource;

/// anthropic-java through the proxy, over HTTP/1.1 in cleartext and over HTTP/2 with TLS.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class AnthropicSdkIT {

  private final SdkLab lab;

  AnthropicSdkIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void streamsEveryEventInOrder(Wire wire) {
    List<String> texts = new ArrayList<>();
    stream(wire, params("anthropic/sim-events=40,bytes=16,rate=400"))
        .forEach(event -> text(event).forEach(texts::add));
    assertThat(texts).hasSize(40).containsOnly("the answer goes ");
    lab.assertAnthropicSpoke(wire);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void streamsThoughtsAndWordsOfAListedModel(Wire wire) {
    Message message = accumulated(stream(wire, params("claude-sonnet-4")));
    assertThat(message.content()).hasSize(2);
    assertThat(message.content().getFirst().isThinking()).isTrue();
    assertThat(text(message)).isEqualTo("I will check the weather.");
    assertThat(message.stopReason().orElseThrow().asString()).isEqualTo("end_turn");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void reportsTheUsageThatTheProviderBilled(Wire wire) {
    String script = "sim-events=9,cached=3,id=usage";
    Message message = accumulated(stream(wire, params("anthropic/" + script)));
    assertThat(message.usage().outputTokens()).isEqualTo(9);
    assertThat(message.usage().cacheReadInputTokens()).contains(3L);
    assertThat(lab.billedOutput(wire, SimulatedProvider.ANTHROPIC, script)).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void answersWithoutAStream(Wire wire) {
    Message message = create(wire, params("anthropic/sim-events=7,bytes=16"));
    assertThat(text(message)).isEqualTo("the answer goes ".repeat(7));
    assertThat(message.usage().outputTokens()).isEqualTo(7);
    lab.assertAnthropicSpoke(wire);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void countsTokens(Wire wire) {
    MessageCountTokensParams params =
        MessageCountTokensParams.builder().model("claude-sonnet-4").addUserMessage("Hello").build();
    assertThat(lab.anthropic(wire).messages().countTokens(params).inputTokens()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void listsTheConfiguredModels(Wire wire) {
    List<String> ids =
        lab.anthropic(wire).models().list().data().stream().map(ModelInfo::id).toList();
    assertThat(ids).containsAll(LabYaml.LISTED.values());
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAnUnknownModelAsNotFound(Wire wire) {
    NotFoundException error =
        catchThrowableOfType(
            NotFoundException.class, () -> create(wire, params("nobody-knows-this")));
    assertTyped(error, "not_found_error");
    assertThat(error).hasMessageContaining("nobody-knows-this");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void tellsAFieldOfTheWrongKindAsABadRequest(Wire wire) {
    MessageCreateParams params =
        params("claude-sonnet-4").toBuilder()
            .putAdditionalBodyProperty("stream", JsonValue.from("yes"))
            .build();
    BadRequestException error =
        catchThrowableOfType(BadRequestException.class, () -> create(wire, params));
    assertTyped(error, "invalid_request_error");
    assertThat(error).hasMessageContaining("stream");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void passesOnTheProvidersOwnErrors(Wire wire) {
    BadRequestException tooLong =
        catchThrowableOfType(
            BadRequestException.class,
            () -> create(wire, params("anthropic/sim-sample=anthropic-400-prompt-too-long")));
    assertTyped(tooLong, "invalid_request_error");
    RateLimitException limit =
        catchThrowableOfType(
            RateLimitException.class,
            () -> stream(wire, params("anthropic/sim-status=429,retry_after=7")));
    assertTyped(limit, "rate_limit_error");
    assertThat(limit.headers().values("retry-after")).containsExactly("7");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void raisesTheErrorThatTheProviderSaysInItsStream(Wire wire) {
    AnthropicException error =
        breaksAfter(1, wire, "anthropic/sim-sample=anthropic-messages-stream-overloaded");
    assertThat(error).isInstanceOf(SseException.class);
    assertTyped((SseException) error, "overloaded_error");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void raisesWhenTheProviderIsCutOff(Wire wire) {
    breaksAfter(5, wire, "anthropic/sim-events=20,rate=200,cut=5");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void raisesWhenTheProviderEndsWithoutItsEnd(Wire wire) {
    breaksAfter(5, wire, "anthropic/sim-events=20,rate=200,end=5");
  }

  private static void assertTyped(AnthropicServiceException error, String type) {
    assertThat(error.type().orElseThrow().asString()).isEqualTo(type);
  }

  /// Asserts that exactly `events` texts came before what is thrown, and returns that.
  private AnthropicException breaksAfter(int events, Wire wire, String model) {
    List<String> texts = new ArrayList<>();
    AnthropicException error =
        catchThrowableOfType(
            AnthropicException.class,
            () -> {
              try (StreamResponse<RawMessageStreamEvent> response =
                  lab.anthropic(wire).messages().createStreaming(params(model))) {
                response.stream().flatMap(AnthropicSdkIT::text).forEach(texts::add);
              }
            });
    assertThat(error).as("what breaks a cut stream").isNotNull();
    assertThat(texts).hasSize(events);
    return error;
  }

  private static MessageCreateParams params(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(100)
        .addUserMessage("What is the weather in Paris — and “why”? 🇫🇷")
        .build();
  }

  private Message create(Wire wire, MessageCreateParams params) {
    return lab.anthropic(wire).messages().create(params);
  }

  private List<RawMessageStreamEvent> stream(Wire wire, MessageCreateParams params) {
    try (StreamResponse<RawMessageStreamEvent> response =
        lab.anthropic(wire).messages().createStreaming(params)) {
      return response.stream().toList();
    }
  }

  private static Message accumulated(List<RawMessageStreamEvent> events) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    events.forEach(accumulator::accumulate);
    return accumulator.message();
  }

  private static Stream<String> text(RawMessageStreamEvent event) {
    return event.contentBlockDelta().stream()
        .flatMap(delta -> delta.delta().text().stream())
        .map(text -> text.text());
  }

  private static String text(Message message) {
    return message.content().stream()
        .map(ContentBlock::text)
        .flatMap(java.util.Optional::stream)
        .map(TextBlock::text)
        .collect(Collectors.joining());
  }
}
