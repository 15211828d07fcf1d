package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;

/// One fragment of a tool call in Chat Completions. Reused from fragment to fragment.
final class ToolDelta {
  private static final byte[] INDEX = "index".getBytes(US_ASCII);
  private static final byte[] ID = "id".getBytes(US_ASCII);
  private static final byte[] FUNCTION = "function".getBytes(US_ASCII);
  private static final byte[] NAME = "name".getBytes(US_ASCII);
  private static final byte[] ARGUMENTS = "arguments".getBytes(US_ASCII);

  /// The number its provider gave the call, [JsonCursor#ABSENT] where it gave none.
  long index;

  final Piece id = new Piece();
  final Piece name = new Piece();
  final Piece arguments = new Piece();

  /// Reads the element of `tool_calls` that `cursor` is at.
  void read(JsonCursor cursor) {
    index = JsonCursor.ABSENT;
    id.clear();
    name.clear();
    arguments.clear();
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(INDEX)) {
        index = cursor.readCount();
      } else if (cursor.is(ID)) {
        read(cursor, id);
      } else if (cursor.is(FUNCTION)) {
        readFunction(cursor);
      } else {
        cursor.skipValue();
      }
    }
  }

  /// Whether it says nothing but more arguments.
  boolean isArgumentsAlone() {
    return id.isEmpty() && name.isEmpty() && !arguments.isEmpty();
  }

  /// Takes `[from, to)` for more arguments of the call numbered `index`.
  void setArguments(long index, int from, int to) {
    this.index = index;
    id.clear();
    name.clear();
    arguments.from = from;
    arguments.to = to;
  }

  private void readFunction(JsonCursor cursor) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(NAME)) {
        read(cursor, name);
      } else if (cursor.is(ARGUMENTS)) {
        read(cursor, arguments);
      } else {
        cursor.skipValue();
      }
    }
  }

  private static void read(JsonCursor cursor, Piece piece) {
    if (cursor.readString()) {
      piece.set(cursor);
    }
  }
}
