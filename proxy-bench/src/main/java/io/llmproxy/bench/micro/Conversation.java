package io.llmproxy.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.wire.Operation;

/// Bodies of requests as long conversations have them: a system prompt, a tool, then turns of prose
/// and of code, with the escapes both have.
final class Conversation {
  private static final String PROSE =
      """
      Please look at the module below and tell me why the second test fails when the first has run \
      before it. I expected the cache to be empty at that point, since \\"setUp\\" clears it; the \
      log says otherwise.\\n\\nWhat I tried: running it alone (passes), with a fresh directory \
      (passes), in reverse order (fails in the other one). Caf\u00e9 names are only sample data.\
      """;
  private static final String CODE =
      """
      ```java\\npublic final class Cache {\\n  private final Map<String, Entry> entries = \
      new HashMap<>();\\n\\n  /// The entry of {@code key}, read from disk if need be.\\n  \
      Entry get(String key) {\\n    return entries.computeIfAbsent(key, k -> \
      read(root.resolve(k + \\".json\\")));\\n  }\\n}\\n```\\n\
      """;
  private static final String SCHEMA =
      """
      {"type":"object","properties":{"path":{"type":"string","description":"A file's path"},\
      "from_line":{"type":"integer"}},"required":["path"]}\
      """;

  private Conversation() {}

  /// A streamed request of at least `bytes` and of at most a turn more; it always has one turn.
  static byte[] body(Operation operation, int bytes) {
    StringBuilder body = new StringBuilder(head(operation));
    int turn = 0;
    do {
      boolean user = turn % 2 == 0;
      String text = user ? PROSE : PROSE.substring(0, 40) + CODE + CODE;
      body.append(turn == 0 ? "" : ",").append(turn(operation, user, text));
      turn++;
    } while (body.length() < bytes || turn % 2 == 0);
    return body.append("]}").toString().getBytes(UTF_8);
  }

  private static String head(Operation operation) {
    return switch (operation) {
      case MESSAGES ->
          """
          {"model":"fast","max_tokens":4096,"stream":true,"system":"You are a careful engineer.",\
          "tools":[{"name":"read_file","description":"Reads a file","input_schema":%s}],\
          "messages":[\
          """
              .formatted(SCHEMA);
      case RESPONSES ->
          """
          {"model":"fast","stream":true,"instructions":"You are a careful engineer.",\
          "tools":[{"type":"function","name":"read_file","description":"Reads a file",\
          "parameters":%s}],"input":[\
          """
              .formatted(SCHEMA);
      case CHAT_COMPLETIONS ->
          """
          {"model":"fast","stream":true,"temperature":0.5,"tools":[{"type":"function",\
          "function":{"name":"read_file","description":"Reads a file","parameters":%s}}],\
          "messages":[{"role":"system","content":"You are a careful engineer."},\
          """
              .formatted(SCHEMA);
      case EMBEDDINGS, COUNT_TOKENS ->
          throw new IllegalArgumentException("operation: " + operation);
    };
  }

  private static String turn(Operation operation, boolean user, String text) {
    String role = user ? "user" : "assistant";
    String type = operation == Operation.RESPONSES ? (user ? "input_text" : "output_text") : "text";
    return "{\"role\":\"%s\",\"content\":[{\"type\":\"%s\",\"text\":\"%s\"}]}"
        .formatted(role, type, text);
  }
}
