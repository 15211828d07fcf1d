package io.llmproxy.provider.resume;

import io.llmproxy.provider.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The same answer (a thought, a text, two calls) told twice, in other pieces and with other ids,
/// and what a client makes of a stream.
final class Tellings {

  private Tellings() {}

  static String first(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> chat("a", "think", "ing", "Hello ", "world, \\\"you\\\" \\u00e9", "\n!");
      case ANTHROPIC_MESSAGES -> messages("a", "think", "ing", "Hello ", "world, é", "!");
      case OPENAI_RESPONSES -> responses("a", "think", "ing", "Hello ", "world, é", "!");
    };
  }

  static String second(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> chat("b", "th", "inking", "Hel", "lo worl", "d, \\u0022you\\u0022 é\\n!");
      case ANTHROPIC_MESSAGES -> messages("b", "thinkin", "g", "Hello wor", "ld, ", "\\u00e9!");
      case OPENAI_RESPONSES -> responses("b", "t", "hinking", "Hello wor", "l", "d, é!");
    };
  }

  private static String chat(String id, String... pieces) {
    StringBuilder told = new StringBuilder();
    String[] names = {"reasoning_content", "reasoning_content", "content", "content", "content"};
    chunk(told, id, "\"role\":\"assistant\",\"content\":\"\"", "null");
    for (int i = 0; i < pieces.length; i++) {
      String piece = pieces[i].replace("\n", "\\n");
      chunk(told, id, "\"" + names[i] + "\":\"" + piece + "\"", "null");
    }
    boolean a = id.equals("a");
    for (int call = 0; call < 2; call++) {
      String begin =
          "\"tool_calls\":[{\"index\":%d,\"id\":\"%s%d\",\"type\":\"function\",\"function\":{\"name\":\"f%d\",\"arguments\":\"%s\"}}]"
              .formatted(call, id, call, call, a ? "" : "{\\\"x");
      chunk(told, id, begin, "null");
      String more = "\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"%s\"}}]";
      chunk(told, id, more.formatted(call, a ? "{\\\"x\\\":" : "\\\":1}"), "null");
      if (a) {
        chunk(told, id, more.formatted(call, "1}"), "null");
      }
    }
    chunk(told, id, "", "\"tool_calls\"");
    told.append("data: {\"id\":\"" + id + "\",\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n");
    return told.append("data: [DONE]\n\n").toString();
  }

  private static void chunk(StringBuilder told, String id, String delta, String finish) {
    told.append("data: {\"id\":\"").append(id).append("\",\"choices\":[{\"index\":0,\"delta\":{");
    told.append(delta).append("},\"finish_reason\":").append(finish).append("}]}\n\n");
  }

  static String plainMessage(String text) {
    StringBuilder told = new StringBuilder();
    event(told, "message_start", "\"message\":{\"id\":\"m\"}");
    block(told, 0, "\"type\":\"text\",\"text\":\"\"", "text_delta\",\"text", text);
    event(told, "message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}");
    event(told, "message_stop", "\"x\":1");
    return told.toString();
  }

  private static String messages(String id, String... pieces) {
    StringBuilder told = new StringBuilder();
    event(told, "message_start", "\"message\":{\"id\":\"" + id + "\"}");
    block(told, 0, "\"type\":\"thinking\"", "thinking_delta\",\"thinking", pieces[0], pieces[1]);
    event(told, "ping", "\"x\":1");
    block(told, 1, "\"type\":\"text\"", "text_delta\",\"text", pieces[2], pieces[3], pieces[4]);
    String tool = "\"type\":\"tool_use\",\"name\":\"f\",\"id\":\"" + id + "\"";
    String[] parts =
        id.equals("a") ? new String[] {"{\\\"x\\\"", ":1}"} : new String[] {"{\\\"x\\\":1}"};
    block(told, 2, tool, "input_json_delta\",\"partial_json", parts);
    event(told, "message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{}");
    event(told, "message_stop", "\"x\":1");
    return told.toString();
  }

  private static void block(
      StringBuilder told, int index, String block, String kind, String... pieces) {
    String at = "\"index\":" + index;
    event(told, "content_block_start", at + ",\"content_block\":{" + block + "}");
    for (String piece : pieces) {
      event(
          told,
          "content_block_delta",
          at + ",\"delta\":{\"type\":\"" + kind + "\":\"" + piece + "\"}");
    }
    event(told, "content_block_stop", at);
  }

  private static void event(StringBuilder told, String type, String fields) {
    told.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
    told.append("\",").append(fields).append("}\n\n");
  }

  private static String responses(String id, String... pieces) {
    StringBuilder told = new StringBuilder();
    int number = 0;
    number = numbered(told, "response.created", number, "\"response\":{\"id\":\"" + id + "\"}");
    number = numbered(told, "response.in_progress", number, "\"response\":{\"id\":\"" + id + "\"}");
    String thought = "response.reasoning_summary_text.delta";
    String text = "response.output_text.delta";
    String call = "response.function_call_arguments.delta";
    number = item(told, number, at(0, "reasoning"), thought, pieces[0], pieces[1]);
    number = item(told, number, at(1, "message"), text, pieces[2], pieces[3], pieces[4]);
    number = item(told, number, at(2, "function_call"), call, "{", "}");
    numbered(told, "response.completed", number, "\"response\":{\"id\":\"" + id + "\"}");
    return told.toString();
  }

  private static int item(
      StringBuilder told, int number, String at, String delta, String... pieces) {
    int next = numbered(told, "response.output_item.added", number, at);
    String place = at.substring(0, at.indexOf(','));
    for (String piece : pieces) {
      next = numbered(told, delta, next, place + ",\"delta\":\"" + piece + "\"");
    }
    return numbered(told, "response.output_item.done", next, at);
  }

  private static String at(int index, String type) {
    return "\"output_index\":" + index + ",\"item\":{\"type\":\"" + type + "\"}";
  }

  private static int numbered(StringBuilder told, String type, int number, String fields) {
    event(told, type, "\"sequence_number\":" + number + "," + fields);
    return number + 1;
  }

  /// How often a stream says that it is whole.
  static int ends(Dialect dialect, String stream) {
    String end =
        switch (dialect) {
          case OPENAI_CHAT -> "data: [DONE]\n\n";
          case ANTHROPIC_MESSAGES -> "event: message_stop\n";
          case OPENAI_RESPONSES -> "event: response.completed\n";
        };
    return stream.split(Pattern.quote(end), -1).length - 1;
  }

  /// The texts that a client puts together, by where they belong; marks are told by their count,
  /// and numbers in sequence.
  static Map<String, String> texts(Dialect dialect, String stream) {
    Map<String, String> texts = new TreeMap<>();
    for (String record : stream.split("\n\n", -1)) {
      String data = record.lines().filter(line -> line.startsWith("data: ")).findFirst().orElse("");
      if (data.length() > 6 && !data.endsWith("[DONE]")) {
        Map<String, Leaf> leaves = Leaf.read(data.substring(6).getBytes(StandardCharsets.UTF_8));
        if (leaves == null) {
          throw new IllegalStateException(data);
        }
        add(texts, dialect, leaves);
      }
    }
    texts.remove("last");
    return texts;
  }

  private static void add(Map<String, String> texts, Dialect dialect, Map<String, Leaf> leaves) {
    switch (dialect) {
      case OPENAI_CHAT -> {
        String call = value(leaves, "choices.0.delta.tool_calls.0.index");
        leaves.forEach((path, leaf) -> {
          if (path.startsWith("choices.0.delta.")
              && leaf.isString()
              && !path.matches(".*\\.(id|type)")) {
            texts.merge(path + call, leaf.value(), String::concat);
          } else if (path.endsWith("finish_reason") || path.startsWith("usage")) {
            texts.merge(path, leaf.value(), String::concat);
          }
        });
      }
      case ANTHROPIC_MESSAGES -> {
        String type = value(leaves, "delta.type");
        for (String name : new String[] {"delta.text", "delta.thinking", "delta.partial_json"}) {
          if (leaves.containsKey(name)) {
            texts.merge(value(leaves, "index") + " " + type, value(leaves, name), String::concat);
          }
        }
      }
      case OPENAI_RESPONSES -> {
        if (leaves.containsKey("delta")) {
          texts.merge(value(leaves, "output_index"), value(leaves, "delta"), String::concat);
        } else {
          texts.merge(value(leaves, "type"), "|", String::concat);
        }
        int number = Integer.parseInt(value(leaves, "sequence_number"));
        int last = Integer.parseInt(texts.getOrDefault("last", "-1"));
        if (number <= last) {
          texts.merge("out of order", number + " ", String::concat);
        }
        texts.put("last", String.valueOf(number));
      }
    }
  }

  private static String value(Map<String, Leaf> leaves, String path) {
    Leaf leaf = leaves.get(path);
    return leaf == null ? "" : leaf.value();
  }
}
