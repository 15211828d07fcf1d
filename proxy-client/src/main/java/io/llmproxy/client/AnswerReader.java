package io.llmproxy.client;

import io.llmproxy.provider.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads whole replies. Each method gives null where the body is not what it is to be.
final class AnswerReader {

  private AnswerReader() {}

  /// An answer of Chat Completions or of Messages.
  static @Nullable ChatAnswer chat(Dialect dialect, byte[] body, ReplyInfo info) {
    Json json = Json.read(body, 0, body.length);
    boolean messages = dialect == Dialect.ANTHROPIC_MESSAGES;
    if (!json.has(messages ? "content" : "choices")) {
      return null;
    }
    UsageReading usage = new UsageReading(dialect);
    usage.read(body, 0, body.length);
    String text = new String(body, StandardCharsets.UTF_8);
    return messages ? message(json, usage, text, info) : completion(json, usage, text, info);
  }

  private static ChatAnswer completion(Json json, UsageReading usage, String body, ReplyInfo info) {
    Json choice = json.get("choices").first();
    Json message = choice.get("message");
    List<ToolCall> calls = new ArrayList<>();
    for (Json call : message.get("tool_calls").items()) {
      Json function = call.get("function");
      String name = function.get("name").text();
      calls.add(new ToolCall(call.get("id").text(), name, function.get("arguments").text()));
    }
    return new ChatAnswer(
        message.get("content").text() + message.get("refusal").text(),
        message.get("reasoning_content").text() + message.get("reasoning").text(),
        calls,
        choice.get("finish_reason").text(),
        usage.usage(),
        body,
        info);
  }

  private static ChatAnswer message(Json json, UsageReading usage, String body, ReplyInfo info) {
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (Json block : json.get("content").items()) {
      text.append(block.get("text").text());
      reasoning.append(block.get("thinking").text());
      if (block.get("type").text().equals("tool_use")) {
        String input = JsonOut.write(block.get("input"));
        calls.add(new ToolCall(block.get("id").text(), block.get("name").text(), input));
      }
    }
    return new ChatAnswer(
        text.toString(),
        reasoning.toString(),
        calls,
        json.get("stop_reason").text(),
        usage.usage(),
        body,
        info);
  }

  static @Nullable EmbeddingAnswer embeddings(byte[] body, ReplyInfo info) {
    Json json = Json.read(body, 0, body.length);
    if (!json.has("data")) {
      return null;
    }
    List<float[]> vectors = new ArrayList<>();
    for (Json item : json.get("data").items()) {
      List<Json> numbers = item.get("embedding").items();
      float[] vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) numbers.get(i).number(0);
      }
      vectors.add(vector);
    }
    long tokens = (long) json.get("usage").get("prompt_tokens").number(0);
    return new EmbeddingAnswer(vectors, tokens, new String(body, StandardCharsets.UTF_8), info);
  }

  static @Nullable List<ModelInfo> models(byte[] body) {
    Json json = Json.read(body, 0, body.length);
    if (!json.has("data")) {
      return null;
    }
    List<ModelInfo> models = new ArrayList<>();
    for (Json item : json.get("data").items()) {
      models.add(new ModelInfo(item.get("id").text(), item.get("owned_by").text()));
    }
    return models;
  }
}
