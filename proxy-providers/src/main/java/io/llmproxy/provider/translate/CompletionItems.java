package io.llmproxy.provider.translate;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.translate.ResponseItem.Kind;
import java.util.ArrayList;
import java.util.List;

/// What a whole chat completion says, as the items of a response's output.
final class CompletionItems {
  private final ChatRecord record;
  private final String base;
  private final boolean cut;
  private final JsonCursor cursor = new JsonCursor();
  private final List<ResponseItem> items = new ArrayList<>();
  private long textBytes;

  /// The items of what `record` has read, with ids made of `base`.
  CompletionItems(ChatRecord record, String base) {
    this.record = record;
    this.base = base;
    this.cut = ResponseObject.isCut(record.finish());
    text(Kind.REASONING, record.reasoning);
    text(Kind.TEXT, record.content);
    parts();
    text(Kind.REFUSAL, record.refusal);
    calls();
    for (int i = 0; i < items.size(); i++) {
      // The end cuts what came last.
      items.get(i).close(cut && i == items.size() - 1);
    }
  }

  List<ResponseItem> all() {
    return items;
  }

  /// The bytes of all texts and arguments, as they were written.
  long textBytes() {
    return textBytes;
  }

  private void text(Kind kind, Piece piece) {
    if (piece.isEmpty()) {
      return;
    }
    ResponseItem item = ResponseItem.of(kind);
    place(item);
    keep(item, piece);
  }

  /// Some providers send the text in parts; they are one message.
  private void parts() {
    cursor.reset(record.bytes(), record.parts.from, record.parts.to);
    if (record.parts.isEmpty() || !cursor.enterArray()) {
      return;
    }
    Piece part = new Piece();
    ResponseItem message = ResponseItem.of(Kind.TEXT);
    while (cursor.nextElement()) {
      part.setText(cursor);
      if (!part.isEmpty()) {
        keep(message, part);
      }
    }
    if (message.text().length() > 0) {
      place(message);
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
      ResponseItem item = ResponseItem.ofCall(items.size());
      item.block().learn(record.bytes(), call);
      place(item);
      keep(item, call.arguments);
      if (item.lacksArguments()) {
        item.keepNoArguments();
      }
    }
  }

  private void place(ResponseItem item) {
    item.place(items.size(), base);
    items.add(item);
  }

  private void keep(ResponseItem item, Piece piece) {
    textBytes += piece.length();
    item.keep(record.bytes(), piece.from, piece.to);
  }
}
