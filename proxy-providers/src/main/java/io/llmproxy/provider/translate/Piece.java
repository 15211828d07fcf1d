package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;

/// Where in the bytes at hand the inside of a string stands. Reused from record to record.
final class Piece {
  private static final byte[] TEXT = "text".getBytes(US_ASCII);

  int from;
  int to;

  static Piece all(byte[] bytes) {
    Piece all = new Piece();
    all.to = bytes.length;
    return all;
  }

  void set(JsonCursor cursor) {
    from = cursor.stringFrom();
    to = cursor.stringTo();
  }

  /// Takes the text of the content part that `cursor` is at; empty if it has none.
  void setText(JsonCursor cursor) {
    clear();
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (!cursor.is(TEXT)) {
        cursor.skipValue();
      } else if (cursor.readString()) {
        set(cursor);
      }
    }
  }

  void clear() {
    from = 0;
    to = 0;
  }

  int length() {
    return to - from;
  }

  boolean isEmpty() {
    return from == to;
  }
}
