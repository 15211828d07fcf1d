package io.llmproxy.bench.faults;

/// How a caller asks: the path and the body's shape.
public enum AskedDialect {
  CHAT("/v1/chat/completions"),
  MESSAGES("/v1/messages"),
  RESPONSES("/v1/responses");

  private final String path;

  AskedDialect(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  String body(String model, String prompt, boolean streamed, boolean prefill) {
    String turns =
        "[{\"role\":\"user\",\"content\":\""
            + prompt
            + "\"}"
            + (prefill ? ",{\"role\":\"assistant\",\"content\":\"Well,\"}" : "")
            + "]";
    String rest =
        switch (this) {
          case CHAT ->
              "\"messages\":"
                  + turns
                  + (streamed ? ",\"stream_options\":{\"include_usage\":true}" : "");
          case MESSAGES -> "\"max_tokens\":256,\"messages\":" + turns;
          case RESPONSES -> "\"input\":" + turns;
        };
    return "{\"model\":\"%s\",\"stream\":%s,%s}".formatted(model, streamed, rest);
  }
}
