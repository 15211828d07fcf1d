package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/// A response as a stream: items one after the other, their texts and arguments by deltas; of items
/// and parts not known here, beginning and end.
final class ResponsesUnfold implements Unfold {
  private static final Map<String, String> BEGUN =
      Map.of(
          "status", "\"in_progress\"",
          "output", "[]",
          "usage", "null",
          "incomplete_details", "null",
          "completed_at", "null");

  @Override
  public boolean write(JsonSpan reply, ByteBuf out) {
    Fields response = Fields.of(reply);
    String status = response.get("status").word();
    boolean cut = status.equals("incomplete");
    boolean whole = cut || status.equals("completed") || status.isEmpty();
    if (!whole || !response.get("output").isArray()) {
      return false;
    }
    StreamEvents events = new StreamEvents(out, true);
    begun(events, "response.created", response);
    begun(events, "response.in_progress", response);
    int[] index = {0};
    response.get("output").forEach(item -> new Item(events, index[0]++, item).write());
    JsonWriter json = events.begin(cut ? "response.incomplete" : "response.completed");
    reply.write(json.name("response"));
    events.end(json);
    return true;
  }

  private static void begun(StreamEvents events, String type, Fields response) {
    JsonWriter json = events.begin(type).name("response").startObject();
    response.write(json, BEGUN);
    json.endObject();
    events.end(json);
  }

  private record Item(StreamEvents events, int index, JsonSpan value, Fields fields) {
    Item(StreamEvents events, int index, JsonSpan value) {
      this(events, index, value, Fields.of(value));
    }

    void write() {
      JsonWriter json = item("response.output_item.added");
      json.startObject();
      fields.write(json, added());
      json.endObject();
      events.end(json);
      switch (type()) {
        case "message", "reasoning" -> {
          parts("summary");
          parts("content");
        }
        case "function_call" -> whole("response.function_call_arguments", "arguments");
        case "mcp_call" -> whole("response.mcp_call_arguments", "arguments");
        case "custom_tool_call" -> whole("response.custom_tool_call_input", "input");
        default -> {}
      }
      json = item("response.output_item.done");
      value.write(json);
      events.end(json);
    }

    private String type() {
      return fields.get("type").word();
    }

    private Map<String, String> added() {
      String status = "\"in_progress\"";
      return switch (type()) {
        case "message", "reasoning" -> Map.of("status", status, "summary", "[]", "content", "[]");
        case "function_call", "mcp_call" -> Map.of("status", status, "arguments", "\"\"");
        case "custom_tool_call" -> Map.of("status", status, "input", "\"\"");
        default -> Map.of("status", status);
      };
    }

    private JsonWriter item(String event) {
      return events.begin(event).name("output_index").number(index).name("item");
    }

    /// An event of `type` about the item, or about its part where `place` is the name of a list.
    private JsonWriter about(String type, String place, int part) {
      JsonWriter json = events.begin(type).name("item_id");
      JsonSpan id = fields.get("id");
      if (id.isString()) {
        id.write(json);
      } else {
        json.string("");
      }
      json.name("output_index").number(index);
      return place.isEmpty() ? json : json.name(place + "_index").number(part);
    }

    /// The arguments, or the input, of a call.
    private void whole(String event, String name) {
      JsonSpan said = fields.get(name);
      if (said.isText()) {
        JsonWriter json = about(event + ".delta", "", 0);
        said.write(json.name("delta"));
        events.end(json);
      }
      JsonWriter json = about(event + ".done", "", 0);
      if (said.isString()) {
        said.write(json.name(name));
      }
      events.end(json);
    }

    private void parts(String list) {
      int[] part = {0};
      fields.get(list).forEach(each -> new Part(this, list, part[0]++, each).write());
    }
  }

  /// A part of an item.
  ///
  /// @param list the name of the list that it stands in
  private record Part(Item item, String list, int place, JsonSpan value, Fields fields) {
    Part(Item item, String list, int place, JsonSpan value) {
      this(item, list, place, value, Fields.of(value));
    }

    void write() {
      String part =
          list.equals("summary") ? "response.reasoning_summary_part" : "response.content_part";
      JsonWriter json = about(part + ".added").name("part").startObject();
      fields.write(
          json, Map.of("text", "\"\"", "refusal", "\"\"", "annotations", "[]", "logprobs", "[]"));
      json.endObject();
      item.events().end(json);
      switch (fields.get("type").word()) {
        case "output_text" -> text("response.output_text", "text");
        case "summary_text" -> text("response.reasoning_summary_text", "text");
        case "reasoning_text" -> text("response.reasoning_text", "text");
        case "refusal" -> text("response.refusal", "refusal");
        default -> {}
      }
      json = about(part + ".done");
      value.write(json.name("part"));
      item.events().end(json);
    }

    private JsonWriter about(String type) {
      return item.about(type, list, place);
    }

    private void text(String event, String name) {
      boolean output = event.equals("response.output_text");
      JsonSpan said = fields.get(name);
      if (said.isText()) {
        JsonWriter json = about(event + ".delta");
        said.write(json.name("delta"));
        if (output) {
          logprobs(json);
        }
        item.events().end(json);
      }
      annotations(event);
      JsonWriter json = about(event + ".done");
      if (said.isString()) {
        said.write(json.name(name));
      }
      if (output) {
        logprobs(json);
      }
      item.events().end(json);
    }

    private void annotations(String event) {
      int[] index = {0};
      fields
          .get("annotations")
          .forEach(annotation -> {
            JsonWriter json = about(event + ".annotation.added");
            json.name("annotation_index").number(index[0]++);
            annotation.write(json.name("annotation"));
            item.events().end(json);
          });
    }

    private void logprobs(JsonWriter json) {
      JsonSpan logprobs = fields.get("logprobs");
      if (logprobs.isArray()) {
        logprobs.write(json.name("logprobs"));
      } else {
        json.name("logprobs").startArray().endArray();
      }
    }
  }
}
