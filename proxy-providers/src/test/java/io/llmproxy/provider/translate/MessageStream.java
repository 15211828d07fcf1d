package io.llmproxy.provider.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A Messages stream as a strict client reads it: any event that may not come where it comes, and
/// any record not written as Anthropic writes it, fails the test.
final class MessageStream {
  /// Each block as `kind:what it holds`; a call as `tool:id:name:arguments`.
  final List<String> blocks = new ArrayList<>();

  String id = "";
  String model = "";
  String stopReason = "";
  String error = "";
  ParsedJson usage = ParsedJson.of("{}");
  ParsedJson startUsage = ParsedJson.of("{}");
  boolean started;
  boolean stopped;

  private String open = "";
  private StringBuilder inside = new StringBuilder();
  private int index = -1;

  private MessageStream() {}

  /// Reads `output`, one character a byte.
  static MessageStream of(String output) {
    MessageStream stream = new MessageStream();
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
    assertThat(stopped || !error.isEmpty()).as("%s after the end", type).isFalse();
    assertThat(started || type.equals("message_start") || type.equals("error")).isTrue();
    switch (type) {
      case "message_start" -> start(data);
      case "content_block_start" -> blockStart(data);
      case "content_block_delta" -> blockDelta(data);
      case "content_block_stop" -> blockStop(data);
      case "message_delta" -> messageDelta(data);
      case "message_stop" -> {
        assertThat(stopReason).isNotEmpty();
        stopped = true;
      }
      case "error" -> error = data.text("error.type") + ": " + data.text("error.message");
      default -> throw new AssertionError(type);
    }
  }

  private void start(ParsedJson data) {
    assertThat(started).as("message_start twice").isFalse();
    started = true;
    id = data.text("message.id");
    model = data.text("message.model");
    startUsage = data.in("message.usage");
    assertThat(data.text("message.role")).isEqualTo("assistant");
    assertThat(data.size("message.content")).isZero();
  }

  private void blockStart(ParsedJson data) {
    assertThat(open).as("a block inside another").isEmpty();
    assertThat(stopReason).as("a block behind the end").isEmpty();
    index++;
    assertThat(data.at("index")).isEqualTo((long) index);
    open = data.text("content_block.type");
    inside = new StringBuilder();
    if (open.equals("tool_use")) {
      assertThat(data.text("content_block.input")).isEqualTo("{}");
      inside.append(data.text("content_block.id")).append(':');
      inside.append(data.text("content_block.name")).append(':');
    }
  }

  private void blockDelta(ParsedJson data) {
    assertThat(data.at("index")).isEqualTo((long) index);
    String type = data.text("delta.type");
    switch (open) {
      case "text" -> {
        assertThat(type).isEqualTo("text_delta");
        inside.append(data.text("delta.text"));
      }
      case "thinking" -> {
        assertThat(type).isIn("thinking_delta", "signature_delta");
        inside.append(type.equals("thinking_delta") ? data.text("delta.thinking") : "");
      }
      case "tool_use" -> {
        assertThat(type).isEqualTo("input_json_delta");
        inside.append(data.text("delta.partial_json"));
      }
      default -> throw new AssertionError("a delta outside of a block: " + type);
    }
  }

  private void blockStop(ParsedJson data) {
    assertThat(data.at("index")).isEqualTo((long) index);
    assertThat(open).isNotEmpty();
    blocks.add((open.equals("tool_use") ? "tool" : open) + ":" + inside);
    open = "";
  }

  private void messageDelta(ParsedJson data) {
    assertThat(open).as("the end inside a block").isEmpty();
    assertThat(stopReason).as("message_delta twice").isEmpty();
    stopReason = data.text("delta.stop_reason");
    usage = data.in("usage");
  }
}
