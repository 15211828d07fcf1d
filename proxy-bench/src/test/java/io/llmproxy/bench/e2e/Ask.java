package io.llmproxy.bench.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One request as a test sends it.
///
/// @param fields names and values in turn
/// @param announced whether content-length tells the body's length beforehand
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Ask(String method, String path, List<String> fields, byte[] body, boolean announced) {

  static final String CHAT = "/v1/chat/completions";
  static final String MESSAGES = "/v1/messages";

  static Ask get(String path) {
    return new Ask("GET", path, List.of(), new byte[0], true);
  }

  static Ask post(String path, byte[] body) {
    return new Ask("POST", path, List.of("content-type", "application/json"), body, true);
  }

  static Ask post(String path, String body) {
    return post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  /// A short chat or message to `model`, wherever its provider wants it.
  static Ask of(String model, boolean stream) {
    String path = model.startsWith("anthropic/") ? MESSAGES : CHAT;
    return post(path, body(model, stream, ""));
  }

  /// The JSON of a short chat; `more` is further fields, each with its comma before it.
  static String body(String model, boolean stream, String more) {
    return "{\"model\":\""
        + model
        + "\",\""
        + limit(model)
        + "\":64,\"messages\":[{\"role\":\"user\",\"content\":\"Where is Paris?\"}]"
        + (stream ? ",\"stream\":true" : "")
        + more
        + "}";
  }

  /// The name of the limit of tokens that the provider takes as it is.
  private static String limit(String model) {
    return model.startsWith("openai/") ? "max_completion_tokens" : "max_tokens";
  }

  Ask method(String other) {
    return new Ask(other, path, fields, body, announced);
  }

  Ask with(String name, String value) {
    List<String> more = new ArrayList<>(fields);
    more.add(name);
    more.add(value);
    return new Ask(method, path, more, body, announced);
  }

  /// The same with a body whose length is not known beforehand: chunks, or frames alone.
  Ask unannounced() {
    return new Ask(method, path, fields, body, false);
  }
}
