package io.llmproxy.client;

import io.llmproxy.client.ChatEvent.Finish;
import io.llmproxy.client.ChatEvent.Other;
import io.llmproxy.client.ChatEvent.Reasoning;
import io.llmproxy.client.ChatEvent.Text;
import io.llmproxy.client.ChatEvent.ToolFragment;
import io.llmproxy.client.ChatEvent.UsageTold;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.llmproxy.provider.wire.Dialect;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes typed events of the bytes of one stream, wherever they are cut. For one thread.
final class EventReader implements Records {

  private final Dialect dialect;
  private final Consumer<ChatEvent> events;
  private final RecordSplitter splitter = new RecordSplitter();
  private final UsageReading usage;
  private @Nullable String lastRecord;
  private byte @Nullable [] error;
  private boolean malformed;

  EventReader(Dialect dialect, Consumer<ChatEvent> events) {
    this.dialect = dialect;
    this.events = events;
    this.usage = new UsageReading(dialect);
  }

  /// Takes `part`, the next bytes.
  void read(ByteBuf part) {
    splitter.split(part, this);
    part.release();
  }

  /// The stream ended: reads a record that lacks its empty line.
  void finish() {
    splitter.finish(this);
  }

  /// Nothing follows: gives up a record that is not whole.
  void release() {
    splitter.release();
  }

  /// The record by which the stream said that it was whole; null before.
  @Nullable String lastRecord() {
    return lastRecord;
  }

  /// The data of a record that told an error; null for none.
  byte @Nullable [] error() {
    return error;
  }

  boolean isMalformed() {
    return malformed;
  }

  @Override
  public void record(RecordSplitter record) {
    malformed |= record.isTooLong();
    if (!record.hasData() || lastRecord != null || error != null || malformed) {
      return;
    }
    byte[] data = record.data();
    int from = record.dataFrom();
    int to = record.dataTo();
    String raw = new String(data, from, to - from, StandardCharsets.UTF_8);
    if (raw.strip().equals("[DONE]")) {
      lastRecord = raw;
    } else if (!raw.isBlank()) {
      Json json = Json.read(data, from, to);
      if (!json.isObject()) {
        malformed = true;
      } else if (json.has("error")) {
        error = raw.getBytes(StandardCharsets.UTF_8);
      } else {
        tell(json, raw, data, record);
      }
    }
  }

  private void tell(Json json, String raw, byte[] data, RecordSplitter record) {
    boolean told = dialect == Dialect.ANTHROPIC_MESSAGES ? message(json, raw) : choices(json, raw);
    boolean counted =
        raw.contains("\"usage\"") && usage.read(data, record.dataFrom(), record.dataTo());
    if (counted) {
      events.accept(new UsageTold(usage.usage(), raw));
    }
    if (!told && !counted && lastRecord == null) {
      events.accept(new Other(raw));
    }
  }

  private boolean choices(Json json, String raw) {
    Json choice = json.get("choices").first();
    Json delta = choice.get("delta");
    boolean told = false;
    String reasoning = delta.get("reasoning_content").text() + delta.get("reasoning").text();
    if (!reasoning.isEmpty()) {
      events.accept(new Reasoning(reasoning, raw));
      told = true;
    }
    String text = delta.get("content").text() + delta.get("refusal").text();
    if (!text.isEmpty()) {
      events.accept(new Text(text, raw));
      told = true;
    }
    int place = 0;
    for (Json call : delta.get("tool_calls").items()) {
      Json function = call.get("function");
      events.accept(
          new ToolFragment(
              (int) call.get("index").number(place++),
              call.get("id").text(),
              function.get("name").text(),
              function.get("arguments").text(),
              raw));
      told = true;
    }
    return finish(choice.get("finish_reason").text(), raw) || told;
  }

  private boolean finish(String reason, String raw) {
    if (reason.isEmpty()) {
      return false;
    }
    events.accept(new Finish(reason, raw));
    return true;
  }

  private boolean message(Json json, String raw) {
    return switch (json.get("type").text()) {
      case "content_block_start" -> block(json, raw);
      case "content_block_delta" -> delta(json, raw);
      case "message_delta" -> finish(json.get("delta").get("stop_reason").text(), raw);
      case "message_stop" -> {
        lastRecord = raw;
        yield true;
      }
      default -> false;
    };
  }

  private boolean block(Json json, String raw) {
    Json block = json.get("content_block");
    boolean call = block.get("type").text().equals("tool_use");
    if (call) {
      int index = (int) json.get("index").number(0);
      String id = block.get("id").text();
      events.accept(new ToolFragment(index, id, block.get("name").text(), "", raw));
    }
    return call;
  }

  private boolean delta(Json json, String raw) {
    Json delta = json.get("delta");
    int index = (int) json.get("index").number(0);
    ChatEvent event =
        switch (delta.get("type").text()) {
          case "text_delta" -> new Text(delta.get("text").text(), raw);
          case "thinking_delta" -> new Reasoning(delta.get("thinking").text(), raw);
          case "input_json_delta" ->
              new ToolFragment(index, "", "", delta.get("partial_json").text(), raw);
          default -> new Other(raw);
        };
    events.accept(event);
    return true;
  }

  @Override
  public void repeated(byte[] bytes, int from, int to) {
    throw new IllegalStateException("a record was repeated, but none was learned");
  }

  @Override
  public void lateLineFeed(int partIndex) {}
}
