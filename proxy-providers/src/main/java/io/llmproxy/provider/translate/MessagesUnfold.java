package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A message as a stream: each block's texts, signature, citations and input by deltas, every other
/// field of it, and blocks not known here, whole at its beginning.
final class MessagesUnfold implements Unfold {
  private static final String EMPTY = "\"\"";

  /// What is told at the end, not at the beginning.
  private static final List<String> OF_END =
      List.of("stop_reason", "stop_sequence", "stop_details", "container", "context_management");

  @Override
  public boolean write(JsonSpan reply, ByteBuf out) {
    Fields message = Fields.of(reply);
    if (!message.get("content").isArray()) {
      return false;
    }
    StreamEvents events = new StreamEvents(out, false);
    start(events, message);
    int[] index = {0};
    message.get("content").forEach(block -> block(events, index[0]++, block));
    end(events, message);
    return true;
  }

  private static void start(StreamEvents events, Fields message) {
    Map<String, String> instead = new LinkedHashMap<>();
    instead.put("content", "[]");
    instead.put("usage", "");
    OF_END.forEach(name -> instead.put(name, "null"));
    JsonWriter json = events.begin("message_start").name("message").startObject();
    message.write(json, instead);
    json.name("usage").startObject();
    // Counts are said for the whole each time; those of the output come at the end.
    Fields.of(message.get("usage"))
        .write(json, Map.of("output_tokens", "0", "output_tokens_details", ""));
    json.endObject().endObject();
    events.end(json);
  }

  private static void block(StreamEvents events, int index, JsonSpan value) {
    Fields block = Fields.of(value);
    Map<String, String> later = later(block);
    JsonWriter json = events.begin("content_block_start").name("index").number(index);
    block.write(json.name("content_block").startObject(), later);
    json.endObject();
    events.end(json);
    for (String name : later.keySet()) {
      JsonSpan said = block.get(name);
      switch (name) {
        case "citations" -> said.forEach(each -> delta(events, index, "citations", each));
        case "input" -> delta(events, index, "input_json", said);
        default -> {
          if (said.isText()) {
            delta(events, index, name, said);
          }
        }
      }
    }
    json = events.begin("content_block_stop").name("index").number(index);
    events.end(json);
  }

  /// What of the block follows by deltas, with what its beginning says instead.
  private static Map<String, String> later(Fields block) {
    Map<String, String> later = new LinkedHashMap<>();
    String type = block.get("type").word();
    if (type.equals("text")) {
      if (block.get("citations").isArray()) {
        later.put("citations", "[]");
      }
      later.put("text", EMPTY);
    } else if (type.equals("thinking")) {
      later.put("thinking", EMPTY);
      later.put("signature", EMPTY);
    } else if (type.endsWith("tool_use") && block.get("input").isObject()) {
      later.put("input", "{}");
    }
    return later;
  }

  private static void delta(StreamEvents events, int index, String kind, JsonSpan value) {
    JsonWriter json = events.begin("content_block_delta").name("index").number(index);
    json.name("delta").startObject().name("type").string(kind + "_delta");
    switch (kind) {
      case "citations" -> value.write(json.name("citation"));
      case "input_json" -> events.quote(json.name("partial_json"), value);
      default -> value.write(json.name(kind));
    }
    json.endObject();
    events.end(json);
  }

  private static void end(StreamEvents events, Fields message) {
    JsonWriter json = events.begin("message_delta").name("delta").startObject();
    orNull(json, message, "stop_reason");
    orNull(json, message, "stop_sequence");
    member(json, message, "stop_details");
    member(json, message, "container");
    json.endObject();
    member(json, message, "usage");
    member(json, message, "context_management");
    events.end(json);
    events.end(events.begin("message_stop"));
  }

  private static void orNull(JsonWriter json, Fields message, String name) {
    if (message.get(name).isPresent()) {
      member(json, message, name);
    } else {
      json.name(name).nothing();
    }
  }

  private static void member(JsonWriter json, Fields message, String name) {
    JsonSpan value = message.get(name);
    if (value.isPresent()) {
      value.write(json.name(name));
    }
  }
}
