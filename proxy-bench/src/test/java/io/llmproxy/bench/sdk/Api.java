package io.llmproxy.bench.sdk;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import java.util.stream.Collectors;

/// A dialect, asked through its official SDK: plain questions, the answers put together by the
/// SDK's own accumulator.
enum Api {
  CHAT("stop", "length", "content_filter") {
    @Override
    Told whole(Clients clients, String model) {
      return told(clients.openAi().chat().completions().create(chat(model)));
    }

    @Override
    Told streamed(Clients clients, String model) {
      ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
      ChatCompletionCreateParams params =
          chat(model).toBuilder()
              .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
              .build();
      try (var response = clients.openAi().chat().completions().createStreaming(params)) {
        response.stream().forEach(accumulator::accumulate);
      }
      return told(accumulator.chatCompletion());
    }

    @Override
    TextStream open(Clients clients, String model) {
      var response = clients.openAi().chat().completions().createStreaming(chat(model));
      return new TextStream(
          response.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .flatMap(choice -> choice.delta().content().stream())
              .filter(text -> !text.isEmpty()),
          response::close);
    }
  },
  RESPONSES("completed", "incomplete", "incomplete") {
    @Override
    Told whole(Clients clients, String model) {
      return told(clients.openAi().responses().create(response(model)));
    }

    @Override
    Told streamed(Clients clients, String model) {
      ResponseAccumulator accumulator = ResponseAccumulator.create();
      try (var response = clients.openAi().responses().createStreaming(response(model))) {
        response.stream().forEach(accumulator::accumulate);
      }
      return told(accumulator.response());
    }

    @Override
    TextStream open(Clients clients, String model) {
      var response = clients.openAi().responses().createStreaming(response(model));
      return new TextStream(
          response.stream()
              .flatMap(event -> event.outputTextDelta().stream())
              .map(delta -> delta.delta()),
          response::close);
    }
  },
  MESSAGES("end_turn", "max_tokens", "refusal") {
    @Override
    Told whole(Clients clients, String model) {
      return told(clients.anthropic().messages().create(message(model)));
    }

    @Override
    Told streamed(Clients clients, String model) {
      MessageAccumulator accumulator = MessageAccumulator.create();
      try (var response = clients.anthropic().messages().createStreaming(message(model))) {
        response.stream().forEach(accumulator::accumulate);
      }
      return told(accumulator.message());
    }

    @Override
    TextStream open(Clients clients, String model) {
      var response = clients.anthropic().messages().createStreaming(message(model));
      return new TextStream(
          response.stream()
              .flatMap(event -> event.contentBlockDelta().stream())
              .flatMap(delta -> delta.delta().text().stream())
              .map(text -> text.text()),
          response::close);
    }
  };

  private static final String QUESTION = "What is the capital of France — and “why”? 🇫🇷";

  /// How the dialect says that the answer is whole.
  final String end;

  /// How it says that the answer grew too long.
  final String tooLong;

  /// How it says that the model declined to answer.
  final String refused;

  Api(String end, String tooLong, String refused) {
    this.end = end;
    this.tooLong = tooLong;
    this.refused = refused;
  }

  /// Asks for an answer without a stream.
  abstract Told whole(Clients clients, String model);

  /// Asks for a stream and reads it to its end.
  abstract Told streamed(Clients clients, String model);

  /// Asks for a stream and leaves the reading of it to the caller.
  abstract TextStream open(Clients clients, String model);

  static ChatCompletionCreateParams chat(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION).build();
  }

  static ResponseCreateParams response(String model) {
    return ResponseCreateParams.builder().model(model).input(QUESTION).build();
  }

  static MessageCreateParams message(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(400)
        .addUserMessage(QUESTION)
        .build();
  }

  private static Told told(ChatCompletion answer) {
    ChatCompletion.Choice choice = answer.choices().getFirst();
    var usage = answer.usage().orElseThrow();
    return new Told(
        choice.message().content().orElse(""),
        choice.finishReason().asString(),
        usage.promptTokens(),
        usage.completionTokens());
  }

  private static Told told(Response answer) {
    var usage = answer.usage().orElseThrow();
    return new Told(
        text(answer),
        answer.status().orElseThrow().asString(),
        usage.inputTokens(),
        usage.outputTokens());
  }

  static String text(Response answer) {
    return answer.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }

  private static Told told(Message answer) {
    return new Told(
        text(answer),
        answer.stopReason().orElseThrow().asString(),
        answer.usage().inputTokens(),
        answer.usage().outputTokens());
  }

  static String text(Message answer) {
    return answer.content().stream()
        .flatMap(block -> block.text().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }
}
