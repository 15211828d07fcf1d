package io.llmproxy.bench.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Reads a streamed answer record by record, as a client of either dialect does: its text, its
/// tokens, whether it came to its end.
final class AnswerReader {

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Long> counts = new HashMap<>();
  private boolean ended;

  /// Reads one line of the stream; gives the text it brings, often none.
  ///
  /// @throws IOException if it tells of an error or is not JSON
  String read(String line) throws IOException {
    if (!line.startsWith("data:")) {
      return "";
    }
    String data = line.substring(5).strip();
    if (data.equals("[DONE]")) {
      ended = true;
      return "";
    }
    StringBuilder text = new StringBuilder();
    try (JsonParser json = JSON.createParser(data)) {
      while (json.nextToken() != null) {
        take(json, text);
      }
    }
    return text.toString();
  }

  private void take(JsonParser json, StringBuilder text) throws IOException {
    String name = json.currentName();
    JsonToken token = json.currentToken();
    if (name == null) {
      return;
    }
    if (token == JsonToken.VALUE_NUMBER_INT && name.endsWith("_tokens")) {
      counts.put(name, json.getLongValue());
    } else if (token == JsonToken.START_OBJECT && name.equals("error")) {
      throw new IOException("the answer broke off with an error record");
    } else if (token == JsonToken.VALUE_STRING) {
      takeString(name, json.getText(), text);
    }
  }

  private void takeString(String name, String value, StringBuilder text) {
    switch (name) {
      case "content", "text" -> text.append(value);
      case "type" -> ended |= value.equals("message_stop");
      default -> {}
    }
  }

  /// Whether the stream's own end was seen.
  boolean ended() {
    return ended;
  }

  /// Tokens of the whole prompt, cached ones included.
  long input() {
    return counts.containsKey("prompt_tokens")
        ? count("prompt_tokens")
        : count("input_tokens") + cached() + written();
  }

  long cached() {
    return count("cached_tokens") + count("cache_read_input_tokens");
  }

  long written() {
    return count("cache_write_tokens") + count("cache_creation_input_tokens");
  }

  /// Tokens of the answer, reasoning included; Grok counts that beside the completion.
  long output() {
    return counts.containsKey("total_tokens")
        ? count("total_tokens") - count("prompt_tokens")
        : count("output_tokens");
  }

  private long count(String name) {
    return counts.getOrDefault(name, 0L);
  }
}
