package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.JsonValue;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tools called in parallel by each provider, and their results sent back to it, by each SDK.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakWatch.class)
final class ToolsOfFiveIT {

  private static final String QUESTION = "What is the weather in Paris, today and after?";
  private static final List<String> CALLS =
      List.of(
          "get_weather {\"city\":\"Paris\"}",
          "get_time {\"city\":\"Paris\",\"day\":1}",
          "get_weather {\"city\":\"Paris\",\"day\":2}");
  private static final Map<String, Object> PROPERTIES =
      Map.of("city", Map.of("type", "string"), "day", Map.of("type", "integer"));

  private final SdkLab lab;

  ToolsOfFiveIT(@TempDir Path directory) throws Exception {
    lab = new SdkLab(directory);
  }

  @AfterAll
  void close() {
    lab.close();
  }

  private static String calling(SimulatedProvider provider) {
    return provider.key() + "/sim-tools=3";
  }

  private static String answering(SimulatedProvider provider) {
    return provider.key() + "/sim-words,events=4";
  }

  private static void assertCalls(Stream<String> calls, Stream<String> ids) {
    assertThat(calls).containsExactlyElementsOf(CALLS);
    assertThat(ids.toList()).hasSize(3).doesNotHaveDuplicates().allMatch(id -> !id.isBlank());
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void chatCallsToolsAndTakesTheirResults(SimulatedProvider provider) {
    var completions = lab.openAi(Wire.HTTP_1).chat().completions();
    assertChat(provider, completions.create(chat(calling(provider)).build()));
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (var stream =
        lab.openAi(Wire.HTTP_2_TLS)
            .chat()
            .completions()
            .createStreaming(chat(calling(provider)).build())) {
      stream.stream().forEach(accumulator::accumulate);
    }
    assertChat(provider, accumulator.chatCompletion());
  }

  private void assertChat(SimulatedProvider provider, ChatCompletion answer) {
    ChatCompletion.Choice choice = answer.choices().getFirst();
    ChatCompletionMessage message = choice.message();
    List<ChatCompletionMessageFunctionToolCall> calls =
        message.toolCalls().orElseThrow().stream()
            .flatMap(call -> call.function().stream())
            .toList();
    assertThat(choice.finishReason().asString()).isEqualTo("tool_calls");
    assertCalls(
        calls.stream().map(call -> call.function().name() + " " + call.function().arguments()),
        calls.stream().map(ChatCompletionMessageFunctionToolCall::id));
    ChatCompletionCreateParams.Builder next = chat(answering(provider)).addMessage(message);
    calls.forEach(call ->
        next.addMessage(
            ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content("sunny")
                .build()));
    ChatCompletion last = lab.openAi(Wire.HTTP_1).chat().completions().create(next.build());
    assertThat(last.choices().getFirst().message().content())
        .contains("This answer is simulated. ");
  }

  private static ChatCompletionCreateParams.Builder chat(String model) {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .addUserMessage(QUESTION)
        .addFunctionTool(function("get_weather"))
        .addFunctionTool(function("get_time"));
  }

  private static FunctionDefinition function(String name) {
    return FunctionDefinition.builder()
        .name(name)
        .parameters(
            com.openai.models.FunctionParameters.builder()
                .putAdditionalProperty("type", com.openai.core.JsonValue.from("object"))
                .putAdditionalProperty("properties", com.openai.core.JsonValue.from(PROPERTIES))
                .build())
        .build();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void messagesCallToolsAndTakeTheirResults(SimulatedProvider provider) {
    var messages = lab.anthropic(Wire.HTTP_1).messages();
    assertMessage(provider, messages.create(message(calling(provider)).build()));
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (var stream =
        lab.anthropic(Wire.HTTP_2_TLS)
            .messages()
            .createStreaming(message(calling(provider)).build())) {
      stream.stream().forEach(accumulator::accumulate);
    }
    assertMessage(provider, accumulator.message());
  }

  private void assertMessage(SimulatedProvider provider, Message answer) {
    List<ToolUseBlock> calls =
        answer.content().stream().flatMap(block -> block.toolUse().stream()).toList();
    assertThat(answer.stopReason().orElseThrow().asString()).isEqualTo("tool_use");
    assertCalls(
        calls.stream().map(call -> call.name() + " " + json(call._input())),
        calls.stream().map(ToolUseBlock::id));
    List<ContentBlockParam> results =
        calls.stream()
            .map(call ->
                ContentBlockParam.ofToolResult(
                    ToolResultBlockParam.builder().toolUseId(call.id()).content("sunny").build()))
            .toList();
    MessageCreateParams next =
        message(answering(provider))
            .addMessage(answer)
            .addUserMessageOfContentBlockParams(results)
            .build();
    Message last = lab.anthropic(Wire.HTTP_1).messages().create(next);
    assertThat(Api.text(last)).isEqualTo("This answer is simulated. ");
  }

  /// The members of `input` in their order, as JSON.
  private static String json(JsonValue input) {
    Map<?, ?> members = Objects.requireNonNull(input.convert(Map.class));
    StringBuilder text = new StringBuilder("{");
    members.forEach((name, value) -> {
      String shown = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
      text.append(text.length() > 1 ? "," : "")
          .append('"')
          .append(name)
          .append("\":")
          .append(shown);
    });
    return text.append('}').toString();
  }

  private static MessageCreateParams.Builder message(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(400)
        .addUserMessage(QUESTION)
        .addTool(tool("get_weather"))
        .addTool(tool("get_time"));
  }

  private static Tool tool(String name) {
    return Tool.builder()
        .name(name)
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(
                    Tool.InputSchema.Properties.builder()
                        .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                        .putAdditionalProperty("day", JsonValue.from(Map.of("type", "integer")))
                        .build())
                .build())
        .build();
  }

  @ParameterizedTest
  @EnumSource(SimulatedProvider.class)
  void responsesCallToolsAndTakeTheirResults(SimulatedProvider provider) {
    var responses = lab.openAi(Wire.HTTP_1).responses();
    assertResponse(provider, responses.create(response(calling(provider)).input(QUESTION).build()));
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (var stream =
        lab.openAi(Wire.HTTP_2_TLS)
            .responses()
            .createStreaming(response(calling(provider)).input(QUESTION).build())) {
      stream.stream().forEach(accumulator::accumulate);
    }
    assertResponse(provider, accumulator.response());
  }

  private void assertResponse(SimulatedProvider provider, Response answer) {
    List<ResponseFunctionToolCall> calls =
        answer.output().stream().flatMap(item -> item.functionCall().stream()).toList();
    assertThat(answer.status().orElseThrow().asString()).isEqualTo("completed");
    assertCalls(
        calls.stream().map(call -> call.name() + " " + call.arguments()),
        calls.stream().map(ResponseFunctionToolCall::callId));
    List<ResponseInputItem> input = new ArrayList<>();
    input.add(
        ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(QUESTION).build()));
    calls.forEach(call -> input.add(ResponseInputItem.ofFunctionCall(call)));
    calls.forEach(call ->
        input.add(
            ResponseInputItem.ofFunctionCallOutput(
                ResponseInputItem.FunctionCallOutput.builder()
                    .callId(call.callId())
                    .output("sunny")
                    .build())));
    ResponseCreateParams next = response(answering(provider)).inputOfResponse(input).build();
    Response last = lab.openAi(Wire.HTTP_1).responses().create(next);
    assertThat(Api.text(last)).isEqualTo("This answer is simulated. ");
  }

  private static ResponseCreateParams.Builder response(String model) {
    return ResponseCreateParams.builder()
        .model(model)
        .addTool(responseTool("get_weather"))
        .addTool(responseTool("get_time"));
  }

  private static FunctionTool responseTool(String name) {
    return FunctionTool.builder()
        .name(name)
        .strict(false)
        .parameters(
            FunctionTool.Parameters.builder()
                .putAdditionalProperty("type", com.openai.core.JsonValue.from("object"))
                .putAdditionalProperty("properties", com.openai.core.JsonValue.from(PROPERTIES))
                .build())
        .build();
  }
}
