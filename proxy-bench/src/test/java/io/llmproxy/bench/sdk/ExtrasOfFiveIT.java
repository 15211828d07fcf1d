package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Structured answers, images, reasoning, refusals and token counts of each provider, by each SDK.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class ExtrasOfFiveIT {

  private static final String REASONING = "the answer goes ".repeat(3);
  private static final String SORRY = "I am sorry, but I cannot help with that.";
  private static final String PICTURE = "iVBORw0KGgo".repeat(400);
  private static final String PICTURE_URL = "data:image/png;base64," + PICTURE;

  private final SdkLab lab;

  ExtrasOfFiveIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  /// What a structured answer is asked to be.
  @SuppressWarnings("checkstyle:VisibilityModifier")
  public static final class Weather {
    public String city = "";
    public boolean sunny;
    public List<Double> hours = List.of();
    public Optional<String> note = Optional.of("missing");

    String shown() {
      return city + " " + sunny + " " + hours + " " + note.isPresent();
    }
  }

  private static final String WEATHER = "Paris true [9.0, 12.5] false";

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void chatAnswersInTheShapeAskedFor(SimulatedProvider provider) {
    var params =
        Api.chat(provider.key() + "/sim-json").toBuilder().responseFormat(Weather.class).build();
    var completions = lab.openAi(Wire.HTTP_1).chat().completions();
    if (provider == SimulatedProvider.GLM) {
      assertThatThrownBy(() -> completions.create(params))
          .isInstanceOf(com.openai.errors.BadRequestException.class)
          .hasMessageContaining("response_format");
      return;
    }
    Weather whole =
        completions.create(params).choices().getFirst().message().content().orElseThrow();
    assertThat(whole.shown()).isEqualTo(WEATHER);
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (var stream = completions.createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    var streamed = accumulator.chatCompletion(Weather.class).choices().getFirst().message();
    assertThat(streamed.content().orElseThrow().shown()).isEqualTo(WEATHER);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void messagesAnswerInTheShapeAskedFor(SimulatedProvider provider) {
    var params =
        Api.message(provider.key() + "/sim-json").toBuilder().outputConfig(Weather.class).build();
    var messages = lab.anthropic(Wire.HTTP_2_TLS).messages();
    if (provider == SimulatedProvider.GLM) {
      assertThatThrownBy(() -> messages.create(params))
          .isInstanceOf(com.anthropic.errors.BadRequestException.class)
          .hasMessageContaining("output_config.format");
      return;
    }
    Weather whole = messages.create(params).content().getFirst().text().orElseThrow().text();
    assertThat(whole.shown()).isEqualTo(WEATHER);
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (var stream = messages.createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    var streamed = accumulator.message(Weather.class).content().getFirst().text().orElseThrow();
    assertThat(streamed.text().shown()).isEqualTo(WEATHER);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void responsesAnswerInTheShapeAskedFor(SimulatedProvider provider) {
    var params = Api.response(provider.key() + "/sim-json").toBuilder().text(Weather.class).build();
    var responses = lab.openAi(Wire.HTTP_1).responses();
    if (provider == SimulatedProvider.GLM) {
      assertThatThrownBy(() -> responses.create(params))
          .isInstanceOf(com.openai.errors.BadRequestException.class)
          .hasMessageContaining("text.format");
      return;
    }
    var item = responses.create(params).output().getFirst().message().orElseThrow();
    Weather whole = item.content().getFirst().outputText().orElseThrow();
    assertThat(whole.shown()).isEqualTo(WEATHER);
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (var stream = responses.createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    var streamed = accumulator.response(Weather.class).output().getFirst().message().orElseThrow();
    assertThat(streamed.content().getFirst().outputText().orElseThrow().shown()).isEqualTo(WEATHER);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void picturesOfChatReachTheProvider(SimulatedProvider provider) {
    String model = provider.key() + "/sim-echo";
    var chat =
        Api.chat(model).toBuilder()
            .addUserMessageOfArrayOfContentParts(
                List.of(
                    ChatCompletionContentPart.ofImageUrl(
                        ChatCompletionContentPartImage.builder()
                            .imageUrl(
                                ChatCompletionContentPartImage.ImageUrl.builder()
                                    .url(PICTURE_URL)
                                    .build())
                            .build())))
            .build();
    ChatCompletion answer = lab.openAi(Wire.HTTP_1).chat().completions().create(chat);
    assertReached(answer.choices().getFirst().message().content().orElseThrow());
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void picturesOfMessagesReachTheProvider(SimulatedProvider provider) {
    ContentBlockParam image =
        ContentBlockParam.ofImage(
            ImageBlockParam.builder()
                .source(
                    Base64ImageSource.builder()
                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                        .data(PICTURE)
                        .build())
                .build());
    MessageCreateParams message =
        MessageCreateParams.builder()
            .model(provider.key() + "/sim-echo")
            .maxTokens(100)
            .addUserMessageOfContentBlockParams(List.of(image))
            .build();
    assertReached(Api.text(lab.anthropic(Wire.HTTP_2_TLS).messages().create(message)));
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void picturesOfResponsesReachTheProvider(SimulatedProvider provider) {
    String model = provider.key() + "/sim-echo";
    ResponseInputItem item =
        ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(
                    List.of(
                        ResponseInputContent.ofInputImage(
                            ResponseInputImage.builder()
                                .detail(ResponseInputImage.Detail.AUTO)
                                .imageUrl(PICTURE_URL)
                                .build())))
                .build());
    var response = Api.response(model).toBuilder().inputOfResponse(List.of(item)).build();
    assertReached(Api.text(lab.openAi(Wire.HTTP_1).responses().create(response)));
  }

  private static void assertReached(String echo) {
    Matcher bytes = Pattern.compile("bytes (\\d+)").matcher(echo);
    assertThat(bytes.find()).as(echo).isTrue();
    assertThat(Integer.parseInt(bytes.group(1))).isGreaterThan(PICTURE.length());
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void chatShowsTheReasoningThatTheProviderShows(SimulatedProvider provider) {
    var params = Api.chat(provider.key() + "/sim-think=3,words,events=4");
    var completions = lab.openAi(Wire.HTTP_1).chat().completions();
    ChatCompletion whole = completions.create(params);
    List<ChatCompletionChunk> chunks = new ArrayList<>();
    try (var stream = completions.createStreaming(params)) {
      stream.stream().forEach(chunks::add);
    }
    String streamed =
        chunks.stream()
            .flatMap(chunk -> chunk.choices().stream())
            .map(choice -> reasoning(choice.delta()))
            .collect(Collectors.joining());
    String expected = provider == SimulatedProvider.OPENAI ? "" : REASONING;
    assertThat(reasoning(whole.choices().getFirst().message())).isEqualTo(expected);
    assertThat(streamed.strip()).isEqualTo(expected.strip());
  }

  /// The member that the dialect does not know but callers do.
  private static String reasoning(Object message) {
    Map<?, ?> members = Objects.requireNonNull(JsonValue.from(message).convert(Map.class));
    Object text = members.get(members.containsKey("reasoning") ? "reasoning" : "reasoning_content");
    return text instanceof String said ? said : "";
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void messagesShowTheReasoningThatTheProviderShows(SimulatedProvider provider) {
    var params = Api.message(provider.key() + "/sim-think=3,words,events=4");
    var messages = lab.anthropic(Wire.HTTP_2_TLS).messages();
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (var stream = messages.createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    for (Message answer : List.of(messages.create(params), accumulator.message())) {
      String thoughts =
          answer.content().stream()
              .flatMap(block -> block.thinking().stream())
              .map(thinking -> thinking.thinking())
              .collect(Collectors.joining());
      String expected = provider == SimulatedProvider.OPENAI ? "" : REASONING;
      assertThat(thoughts.strip()).isEqualTo(expected.strip());
      assertThat(Api.text(answer)).isEqualTo("This answer is simulated. ");
    }
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void responsesShowTheReasoningThatTheProviderShows(SimulatedProvider provider) {
    var params = Api.response(provider.key() + "/sim-think=3,words,events=4");
    var responses = lab.openAi(Wire.HTTP_2_TLS).responses();
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (var stream = responses.createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    for (Response answer : List.of(responses.create(params), accumulator.response())) {
      String thoughts =
          answer.output().stream()
              .flatMap(item -> item.reasoning().stream())
              .flatMap(item -> item.summary().stream())
              .map(summary -> summary.text())
              .collect(Collectors.joining());
      assertThat(thoughts.strip()).isEqualTo(REASONING.strip());
      assertThat(Api.text(answer)).isEqualTo("This answer is simulated. ");
    }
  }

  @ParameterizedTest
  @MethodSource("io.llmproxy.bench.sdk.Combination#each")
  void aRefusalIsNoAnswer(Combination one) {
    Clients clients = lab.clients(one.wire());
    Told whole = one.api().whole(clients, one.model("refusal"));
    Told streamed = one.api().streamed(clients, one.model("refusal"));
    assertThat(streamed.text()).isEqualTo(whole.text());
    assertThat(streamed.finish()).isEqualTo(whole.finish());
    boolean silent =
        one.provider() == SimulatedProvider.ANTHROPIC || one.provider() == SimulatedProvider.GLM;
    if (silent) {
      assertThat(whole.text()).isEmpty();
      assertThat(whole.finish()).isEqualTo(one.api().refused);
    } else if (one.api() == Api.MESSAGES) {
      assertThat(whole.text()).isEqualTo(SORRY);
    } else {
      assertThat(whole.finish()).isEqualTo(one.api().end);
    }
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void whatOpenAiSaysWhenItRefusesIsShownAsThat(Wire wire) {
    var client = lab.openAi(wire);
    ChatCompletion chat = client.chat().completions().create(Api.chat("openai/sim-refusal"));
    assertThat(chat.choices().getFirst().message().refusal()).contains(SORRY);
    Response response = client.responses().create(Api.response("openai/sim-refusal"));
    assertThat(
            response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.refusal().stream())
                .map(refusal -> refusal.refusal()))
        .containsExactly(SORRY);
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void countsTokensAndTellsAnEstimateAsOne(SimulatedProvider provider) {
    MessageCountTokensParams params =
        MessageCountTokensParams.builder()
            .model(provider.key() + "/sim-words")
            .addUserMessage("How many tokens has this question?")
            .build();
    boolean own = provider == SimulatedProvider.ANTHROPIC;
    try (var raw = lab.anthropic(Wire.HTTP_1).messages().withRawResponse().countTokens(params)) {
      assertThat(raw.headers().values("x-llmproxy-token-count"))
          .isEqualTo(own ? List.of() : List.of("estimated"));
      assertThat(raw.parse().inputTokens()).isBetween(5L, 60L);
    }
  }
}
