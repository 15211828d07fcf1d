package io.llmproxy.client;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.stream.Collectors;

/// A request as Anthropic's Messages.
final class MessagesBody {

  private static final int DEFAULT_MAX_TOKENS = 4096;

  private MessagesBody() {}

  static ByteBuf of(ChatRequest request, String model, boolean streamed) {
    int most = request.maxTokens() > 0 ? request.maxTokens() : DEFAULT_MAX_TOKENS;
    String system =
        request.messages().stream()
            .filter(message -> message.role() == Role.SYSTEM)
            .map(Message::text)
            .collect(Collectors.joining("\n\n"));
    return Body.object(
        request.raw(),
        body ->
            body.member("model", json -> json.string(model))
                .memberIf(streamed, "stream", json -> json.bool(true))
                .member("max_tokens", json -> json.number(most))
                .memberIf(
                    request.temperature() != null,
                    "temperature",
                    json -> Body.raw(json, String.valueOf(request.temperature())))
                .memberIf(
                    !request.stop().isEmpty(),
                    "stop_sequences",
                    json -> ChatBody.strings(json, request.stop()))
                .memberIf(!system.isEmpty(), "system", json -> json.string(system))
                .memberIf(!request.tools().isEmpty(), "tools", json -> tools(json, request.tools()))
                .member("messages", json -> messages(json, request.messages())));
  }

  private static void tools(JsonWriter json, List<Tool> tools) {
    json.startArray();
    for (Tool tool : tools) {
      json.startObject().name("name").string(tool.name());
      json.name("description").string(tool.description());
      Body.raw(json.name("input_schema"), tool.schema());
      json.endObject();
    }
    json.endArray();
  }

  private static void messages(JsonWriter json, List<Message> messages) {
    json.startArray();
    for (Message message : messages) {
      switch (message.role()) {
        case SYSTEM -> {}
        case USER -> {
          json.startObject().name("role").string("user");
          json.name("content").string(message.text()).endObject();
        }
        case ASSISTANT -> assistant(json, message);
        case TOOL -> {
          json.startObject().name("role").string("user").name("content").startArray();
          json.startObject().name("type").string("tool_result");
          json.name("tool_use_id").string(message.toolCallId());
          json.name("content").string(message.text());
          json.endObject().endArray().endObject();
        }
      }
    }
    json.endArray();
  }

  private static void assistant(JsonWriter json, Message message) {
    json.startObject().name("role").string("assistant").name("content").startArray();
    if (!message.text().isEmpty()) {
      json.startObject().name("type").string("text").name("text").string(message.text());
      json.endObject();
    }
    for (ToolCall call : message.calls()) {
      json.startObject().name("type").string("tool_use").name("id").string(call.id());
      json.name("name").string(call.name());
      Body.raw(json.name("input"), call.arguments().isBlank() ? "{}" : call.arguments());
      json.endObject();
    }
    json.endArray().endObject();
  }
}
