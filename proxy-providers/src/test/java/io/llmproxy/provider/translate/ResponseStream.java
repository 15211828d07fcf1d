package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A Responses stream as a strict client reads it: any event that may not come where it comes, and
/// any that does not agree with those before it, fails the test.
final class ResponseStream {
  /// Each item as `kind:what it holds`; a call as `call:call_id:name:arguments`.
  final List<String> items = new ArrayList<>();

  final List<String> itemStatuses = new ArrayList<>();
  String id = "";
  String model = "";
  String status = "";
  String reason = "";
  String error = "";
  ParsedJson usage = ParsedJson.of("{}");
  int openAtOnce;

  private final List<Item> all = new ArrayList<>();
  private int events;
  private boolean over;

  private static final class Item {
    private final String id;
    private final String type;
    private final StringBuilder text = new StringBuilder();
    private String part = "";
    private boolean textDone;
    private boolean partDone;
    private String done = "";

    private Item(String id, String type) {
      this.id = id;
      this.type = type;
    }
  }

  private ResponseStream() {}

  /// Reads `output`, one character a byte.
  static ResponseStream of(String output) {
    ResponseStream stream = new ResponseStream();
    String text = new String(output.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    assertThat(text.isEmpty() || text.endsWith("\n\n")).as(text).isTrue();
    for (String record : text.split("\n\n", -1)) {
      if (!record.isEmpty()) {
        stream.record(record);
      }
    }
    return stream;
  }

  private void record(String record) {
    String[] lines = record.split("\n", -1);
    assertThat(lines).as(record).hasSize(2);
    assertThat(lines[0]).startsWith("event: ");
    assertThat(lines[1]).startsWith("data: ");
    ParsedJson data = ParsedJson.of(lines[1].substring("data: ".length()));
    String type = lines[0].substring("event: ".length());
    assertThat(data.text("type")).isEqualTo(type);
    assertThat(data.at("sequence_number")).as(type).isEqualTo((long) events);
    assertThat(over).as("%s after the end", type).isFalse();
    expectBeginning(type);
    events++;
    switch (type) {
      case "response.created", "response.in_progress" -> begin(data.in("response"));
      case "response.output_item.added" -> added(data);
      case "response.content_part.added", "response.reasoning_summary_part.added" ->
          partAdded(data);
      case "response.content_part.done", "response.reasoning_summary_part.done" -> partDone(data);
      case "response.output_item.done" -> itemDone(data);
      case "response.completed", "response.incomplete" -> end(type, data.in("response"));
      case "response.failed" -> failed(data.in("response"));
      case "error" -> {
        over = true;
        error = data.text("code") + ": " + data.text("message");
        assertThat(data.has("param")).isTrue();
      }
      default -> text(type, data);
    }
  }

  private void expectBeginning(String type) {
    String expected =
        switch (events) {
          case 0 -> "response.created";
          case 1 -> "response.in_progress";
          default -> type;
        };
    assertThat(type).isIn(expected, "error");
  }

  private void begin(ParsedJson response) {
    id = response.text("id");
    model = response.text("model");
    assertThat(id).startsWith("resp_");
    assertThat(response.at("object")).isEqualTo("response");
    assertThat(response.at("status")).isEqualTo("in_progress");
    assertThat(response.size("output")).isZero();
    assertThat(response.has("usage")).isTrue();
  }

  private void added(ParsedJson data) {
    assertThat(data.at("output_index")).isEqualTo((long) all.size());
    assertThat(data.at("item.status")).isEqualTo("in_progress");
    String itemId = data.text("item.id");
    assertThat(all).noneMatch(item -> item.id.equals(itemId));
    all.add(new Item(itemId, data.text("item.type")));
    openAtOnce =
        Math.max(openAtOnce, (int) all.stream().filter(item -> item.done.isEmpty()).count());
    switch (data.text("item.type")) {
      case "message" -> assertThat(data.size("item.content")).isZero();
      case "reasoning" -> assertThat(data.size("item.summary")).isZero();
      case "function_call" -> assertThat(data.at("item.arguments")).isEqualTo("");
      default -> throw new AssertionError(data);
    }
  }

  private Item item(ParsedJson data) {
    Item item = all.get(Integer.parseInt(data.text("output_index")));
    assertThat(data.text("item_id")).isEqualTo(item.id);
    assertThat(item.done).as("an item that is done goes on").isEmpty();
    if (item.type.equals("message")) {
      assertThat(data.at("content_index")).isEqualTo(0L);
    } else if (item.type.equals("reasoning")) {
      assertThat(data.at("summary_index")).isEqualTo(0L);
    }
    return item;
  }

  private void partAdded(ParsedJson data) {
    Item item = item(data);
    assertThat(item.part).isEmpty();
    item.part = data.text("part.type");
    assertThat(partText(data.in("part"))).isEmpty();
  }

  private void text(String type, ParsedJson data) {
    Item item = item(data);
    assertThat(item.textDone).isFalse();
    String expected =
        switch (item.type) {
          case "reasoning" -> "response.reasoning_summary_text.";
          case "function_call" -> "response.function_call_arguments.";
          default -> item.part.equals("refusal") ? "response.refusal." : "response.output_text.";
        };
    assertThat(type).startsWith(expected);
    assertThat(item.type.equals("function_call") || !item.part.isEmpty()).isTrue();
    if (expected.contains("output_text")) {
      assertThat(data.size("logprobs")).isZero();
    }
    if (type.endsWith(".delta")) {
      assertThat(data.text("delta")).isNotEmpty();
      item.text.append(data.text("delta"));
      return;
    }
    assertThat(type).isEqualTo(expected + "done");
    item.textDone = true;
    String member =
        switch (expected) {
          case "response.function_call_arguments." -> "arguments";
          case "response.refusal." -> "refusal";
          default -> "text";
        };
    assertThat(data.text(member)).isEqualTo(item.text.toString());
  }

  private void partDone(ParsedJson data) {
    Item item = item(data);
    assertThat(item.textDone).isTrue();
    item.partDone = true;
    assertThat(data.text("part.type")).isEqualTo(item.part);
    assertThat(partText(data.in("part"))).isEqualTo(item.text.toString());
  }

  private void itemDone(ParsedJson data) {
    Item item = all.get(Integer.parseInt(data.text("output_index")));
    assertThat(item.done).isEmpty();
    assertThat(item.textDone).isTrue();
    assertThat(item.partDone).isEqualTo(!item.type.equals("function_call"));
    assertThat(data.text("item.id")).isEqualTo(item.id);
    assertThat(data.text("item.type")).isEqualTo(item.type);
    item.done = data.in("item").toString();
    assertThat(shown(data.in("item"))).endsWith(":" + item.text);
  }

  private void end(String type, ParsedJson response) {
    over = true;
    status = response.text("status");
    assertThat(type).isEqualTo("response." + status);
    assertThat(response.text("id")).isEqualTo(id);
    assertThat(response.text("object")).isEqualTo("response");
    assertThat(response.text("model")).isEqualTo(model);
    reason =
        response.has("incomplete_details.reason") ? response.text("incomplete_details.reason") : "";
    usage = response.in("usage");
    assertThat(response.size("output")).isEqualTo(all.size());
    for (int i = 0; i < all.size(); i++) {
      ParsedJson item = response.in("output." + i);
      assertThat(item.toString()).isEqualTo(all.get(i).done);
      items.add(shown(item));
      itemStatuses.add(item.text("status"));
    }
  }

  private void failed(ParsedJson response) {
    over = true;
    status = response.text("status");
    assertThat(status).isEqualTo("failed");
    assertThat(response.text("id")).isEqualTo(id);
    error = response.text("error.code") + ": " + response.text("error.message");
  }

  /// An item as [#items] shows it.
  static String shown(ParsedJson item) {
    return switch (item.text("type")) {
      case "reasoning" -> "reasoning:" + partText(item.in("summary.0"));
      case "message" -> {
        assertThat(item.text("role")).isEqualTo("assistant");
        ParsedJson part = item.in("content.0");
        yield (part.text("type").equals("refusal") ? "refusal:" : "message:") + partText(part);
      }
      case "function_call" ->
          "call:" + item.text("call_id") + ":" + item.text("name") + ":" + item.text("arguments");
      default -> throw new AssertionError(item);
    };
  }

  private static String partText(ParsedJson part) {
    return switch (part.text("type")) {
      case "refusal" -> part.text("refusal");
      case "output_text" -> {
        assertThat(part.size("annotations")).isZero();
        assertThat(part.size("logprobs")).isZero();
        yield part.text("text");
      }
      case "summary_text" -> part.text("text");
      default -> throw new AssertionError(part);
    };
  }
}
