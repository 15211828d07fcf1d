package io.llmproxy.bench.sdk;

/// Bodies of requests, as text.
final class Bodies {

  private Bodies() {}

  static String chat(String model, boolean stream) {
    return """
    {"model":"%s","messages":[{"role":"user","content":"Hello"}],"stream":%s}\
    """
        .formatted(model, stream);
  }

  static String message(String model, boolean stream) {
    return """
    {"model":"%s","max_tokens":9,"messages":[{"role":"user","content":"Hello"}],"stream":%s}\
    """
        .formatted(model, stream);
  }
}
