package io.llmproxy.client;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;

/// A request as OpenAI's Chat Completions.
final class ChatBody {

  private ChatBody() {}

  static ByteBuf of(ChatRequest request, String model, boolean streamed) {
    return Body.object(
        request.raw(),
        body ->
            body.member("model", json -> json.string(model))
                .memberIf(streamed, "stream", json -> json.bool(true))
                .memberIf(
                    streamed,
                    "stream_options",
                    json -> json.startObject().name("include_usage").bool(true).endObject())
                .memberIf(
                    request.maxTokens() > 0,
                    "max_completion_tokens",
                    json -> json.number(request.maxTokens()))
                .memberIf(
                    request.temperature() != null,
                    "temperature",
                    json -> Body.raw(json, String.valueOf(request.temperature())))
                .memberIf(!request.stop().isEmpty(), "stop", json -> strings(json, request.stop()))
                .memberIf(!request.tools().isEmpty(), "tools", json -> tools(json, request.tools()))
                .member("messages", json -> messages(json, request.messages())));
  }

  static void strings(JsonWriter json, List<String> texts) {
    json.startArray();
    texts.forEach(json::string);
    json.endArray();
  }

  private static void tools(JsonWriter json, List<Tool> tools) {
    json.startArray();
    for (Tool tool : tools) {
      json.startObject().name("type").string("function").name("function").startObject();
      json.name("name").string(tool.name()).name("description").string(tool.description());
      Body.raw(json.name("parameters"), tool.schema());
      json.endObject().endObject();
    }
    json.endArray();
  }

  private static void messages(JsonWriter json, List<Message> messages) {
    json.startArray();
    for (Message message : messages) {
      json.startObject().name("role").string(message.role().word());
      json.name("content").string(message.text());
      if (!message.toolCallId().isEmpty()) {
        json.name("tool_call_id").string(message.toolCallId());
      }
      if (!message.calls().isEmpty()) {
        calls(json.name("tool_calls"), message.calls());
      }
      json.endObject();
    }
    json.endArray();
  }

  private static void calls(JsonWriter json, List<ToolCall> calls) {
    json.startArray();
    for (ToolCall call : calls) {
      json.startObject().name("id").string(call.id()).name("type").string("function");
      json.name("function").startObject().name("name").string(call.name());
      json.name("arguments").string(call.arguments()).endObject().endObject();
    }
    json.endArray();
  }
}
