package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonKind;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.wire.JsonText;
import io.llmproxy.provider.wire.Usage;
import io.netty.buffer.ByteBuf;

/// Writes a chat completion that has been read as one message.
final class ChatMessage {
  private static final byte[] TEXT_BLOCK = ascii("{\"type\":\"text\",\"text\":\"");
  private static final byte[] THINKING_BLOCK = ascii("{\"type\":\"thinking\",\"thinking\":\"");
  private static final byte[] SIGNATURE = ascii("\",\"signature\":\"");
  private static final byte[] TOOL_BLOCK = ascii("{\"type\":\"tool_use\",\"id\":\"");
  private static final byte[] TOOL_NAME = ascii("\",\"name\":\"");
  private static final byte[] TOOL_INPUT = ascii("\",\"input\":");
  private static final byte[] UNPARSED = ascii("{\"_raw\":\"");
  private static final byte[] STRING_END = ascii("\"}");

  private final ByteBuf out;
  private final ChatRecord record;
  private final byte[] ours;
  private final JsonCursor cursor = new JsonCursor();
  private int blocks;
  private boolean called;
  private long textBytes;

  /// Borrows `out`; writes what `record` has read.
  ChatMessage(ByteBuf out, ChatRecord record, String requestId) {
    this.out = out;
    this.record = record;
    this.ours = MessageUsage.idPart(requestId);
  }

  /// Writes what stands before the content; shows the caller `model`.
  void begin(String model) {
    text("{\"id\":\"");
    MessageUsage.messageId(out, record.bytes(), record.id, ours);
    text("\",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
    out.writeBytes(JsonText.quoted(model));
  }

  /// Writes all blocks.
  void content() {
    text(",\"content\":[");
    thinking(record.reasoning);
    textBlock(record.content);
    parts();
    textBlock(record.refusal);
    calls();
    out.writeByte(']');
  }

  /// Writes what follows the content.
  void end(Usage usage) {
    text(",\"stop_reason\":\"");
    out.writeBytes(StopReason.of(record.finish(), called, !record.refusal.isEmpty()).word());
    text("\",\"stop_sequence\":null,\"usage\":");
    MessageUsage.write(out, usage);
    out.writeByte('}');
  }

  boolean hasContent() {
    return blocks > 0;
  }

  /// The bytes of all texts, as they were written.
  long textBytes() {
    return textBytes;
  }

  private void thinking(Piece piece) {
    if (piece.isEmpty()) {
      return;
    }
    open(THINKING_BLOCK);
    inside(piece);
    out.writeBytes(SIGNATURE).writeBytes(ThinkingMark.bytes()).writeBytes(STRING_END);
  }

  private void textBlock(Piece piece) {
    if (piece.isEmpty()) {
      return;
    }
    open(TEXT_BLOCK);
    inside(piece);
    out.writeBytes(STRING_END);
  }

  private void parts() {
    cursor.reset(record.bytes(), record.parts.from, record.parts.to);
    if (record.parts.isEmpty() || !cursor.enterArray()) {
      return;
    }
    Piece part = new Piece();
    while (cursor.nextElement()) {
      part.setText(cursor);
      textBlock(part);
    }
  }

  private void calls() {
    cursor.reset(record.bytes(), record.toolCalls.from, record.toolCalls.to);
    if (record.toolCalls.isEmpty() || !cursor.enterArray()) {
      return;
    }
    ToolDelta call = new ToolDelta();
    while (cursor.nextElement()) {
      call.read(cursor);
      called = true;
      int place = blocks;
      open(TOOL_BLOCK);
      MessageUsage.toolId(out, record.bytes(), call.id, ours, place);
      out.writeBytes(TOOL_NAME);
      inside(call.name);
      out.writeBytes(TOOL_INPUT);
      input(call.arguments);
      out.writeByte('}');
    }
  }

  /// Arguments are JSON in a string; a model may write there what is no object.
  private void input(Piece arguments) {
    textBytes += arguments.length();
    int mark = out.writerIndex();
    EscapedText.unescape(out, record.bytes(), arguments.from, arguments.to);
    if (isObject(out, mark)) {
      return;
    }
    out.writerIndex(mark);
    if (arguments.isEmpty()) {
      text("{}");
    } else {
      out.writeBytes(UNPARSED);
      inside(arguments);
      out.writeBytes(STRING_END);
    }
  }

  private static boolean isObject(ByteBuf bytes, int from) {
    JsonScanner scanner = new JsonScanner(FieldNames.of());
    scanner.feed(bytes.slice(from, bytes.writerIndex() - from));
    scanner.finish();
    return scanner.fault() == null && scanner.rootKind() == JsonKind.OBJECT;
  }

  private void open(byte[] block) {
    if (blocks++ > 0) {
      out.writeByte(',');
    }
    out.writeBytes(block);
  }

  private void inside(Piece piece) {
    textBytes += piece.length();
    EscapedText.copy(out, record.bytes(), piece.from, piece.to);
  }

  private void text(String ascii) {
    out.writeCharSequence(ascii, US_ASCII);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
