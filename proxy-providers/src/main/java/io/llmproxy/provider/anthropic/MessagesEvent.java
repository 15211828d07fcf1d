package io.llmproxy.provider.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.Hole;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.usage.MessagesUsage;

/// What one event of a Messages stream says, as far as a relay wants to know it. Reused from event
/// to event.
///
/// The event's type is what its data says; its `event` line counts only where the data says none.
final class MessagesEvent {

  /// The events that mean something here.
  enum Kind {
    MESSAGE_START("message_start"),
    CONTENT_BLOCK_START("content_block_start"),
    CONTENT_BLOCK_DELTA("content_block_delta"),
    MESSAGE_DELTA("message_delta"),
    MESSAGE_STOP("message_stop"),
    ERROR("error"),
    /// Pings, the ends of blocks, and whatever will be invented.
    OTHER("");

    private static final Kind[] ALL = values();

    // Nobody writes to it.
    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] name;

    Kind(String name) {
      this.name = name.getBytes(US_ASCII);
    }
  }

  private static final byte[] TYPE = "type".getBytes(US_ASCII);
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);
  private static final byte[] USAGE = "usage".getBytes(US_ASCII);
  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  private static final byte[] CONTENT_BLOCK = "content_block".getBytes(US_ASCII);
  private static final byte[] DELTA = "delta".getBytes(US_ASCII);
  private static final byte[] TEXT = "text".getBytes(US_ASCII);
  private static final byte[] THINKING = "thinking".getBytes(US_ASCII);
  private static final byte[] PARTIAL_JSON = "partial_json".getBytes(US_ASCII);

  private final JsonCursor cursor = new JsonCursor();
  private final MessagesUsage usage;

  private Kind kind = Kind.OTHER;
  private final Hole text = new Hole();
  private final Hole padding = new Hole();
  private byte[] data = {};
  private int typeFrom;
  private int typeTo;
  private int texts;
  private long textBytes;
  private boolean content;
  private boolean outputSaid;

  /// Reports what it reads of usage to `usage`.
  MessagesEvent(MessagesUsage usage) {
    this.usage = usage;
  }

  /// Reads the data of `record`.
  void read(RecordSplitter record) {
    text.clear();
    padding.clear();
    texts = 0;
    textBytes = 0;
    content = false;
    outputSaid = false;
    kind = kindOf(record);
    switch (kind) {
      case MESSAGE_START -> readMembers(record, MESSAGE);
      case CONTENT_BLOCK_START -> readMembers(record, CONTENT_BLOCK);
      case CONTENT_BLOCK_DELTA -> {
        readMembers(record, DELTA);
        findPadding(record);
      }
      case MESSAGE_DELTA -> readMembers(record, USAGE);
      case MESSAGE_STOP, ERROR, OTHER -> {}
    }
  }

  Kind kind() {
    return kind;
  }

  /// The type that the data says, as it is written; empty where it says none.
  String type() {
    return new String(data, typeFrom, typeTo - typeFrom, US_ASCII);
  }

  /// Whether the event brings content of any kind.
  boolean hasContent() {
    return content;
  }

  /// The bytes of the strings that are content, as they are written.
  long textBytes() {
    return textBytes;
  }

  /// Whether a `message_delta` told the output tokens.
  boolean hasOutputTokens() {
    return outputSaid;
  }

  /// Whether an event that differs by nothing but [#text] and [#padding] says the same.
  boolean isRepeatable() {
    return kind == Kind.CONTENT_BLOCK_DELTA && texts == 1 && cursor.isWhole();
  }

  /// The one string that is content.
  Hole text() {
    return text;
  }

  /// The spaces before the last brace.
  Hole padding() {
    return padding;
  }

  private Kind kindOf(RecordSplitter record) {
    data = record.data();
    typeFrom = 0;
    typeTo = 0;
    cursor.reset(data, record.dataFrom(), record.dataTo());
    if (cursor.enterObject()) {
      while (cursor.nextName()) {
        if (cursor.is(TYPE) && cursor.readString()) {
          typeFrom = cursor.stringFrom();
          typeTo = cursor.stringTo();
          return kindOfType();
        }
        cursor.skipValue();
      }
    }
    for (Kind each : Kind.ALL) {
      if (each != Kind.OTHER && record.eventIs(each.name)) {
        return each;
      }
    }
    return Kind.OTHER;
  }

  private Kind kindOfType() {
    for (Kind each : Kind.ALL) {
      if (cursor.is(each.name)) {
        return each;
      }
    }
    return Kind.OTHER;
  }

  private void readMembers(RecordSplitter record, byte[] wanted) {
    cursor.reset(record.data(), record.dataFrom(), record.dataTo());
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(wanted)) {
        readWanted();
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readWanted() {
    switch (kind) {
      case MESSAGE_START -> readMessage();
      case CONTENT_BLOCK_START -> readBlock();
      case CONTENT_BLOCK_DELTA -> readDelta();
      case MESSAGE_DELTA -> outputSaid |= usage.read(cursor);
      case MESSAGE_STOP, ERROR, OTHER -> cursor.skipValue();
    }
  }

  /// The message is empty but for programmatic tool calling, which fills it with calls.
  private void readMessage() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(USAGE)) {
        usage.read(cursor);
      } else if (cursor.is(CONTENT)) {
        readPrefilled();
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readPrefilled() {
    if (!cursor.enterArray()) {
      return;
    }
    while (cursor.nextElement()) {
      content |= cursor.skipValue();
    }
  }

  /// A block of text or thinking begins empty; any other, also of a kind not known here, is
  /// content.
  private void readBlock() {
    if (!cursor.enterObject()) {
      return;
    }
    boolean grows = false;
    while (cursor.nextName()) {
      if (cursor.is(TYPE)) {
        grows = cursor.readString() && (cursor.is(TEXT) || cursor.is(THINKING));
      } else if (cursor.is(TEXT) || cursor.is(THINKING)) {
        readText();
      } else {
        cursor.skipValue();
      }
    }
    content |= !grows && cursor.isWhole();
  }

  /// Whatever string or object a delta holds beside its type is content, also in a delta of a kind
  /// not known here; only text, thinking and tool input are counted.
  private void readDelta() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(TEXT) || cursor.is(THINKING) || cursor.is(PARTIAL_JSON)) {
        readText();
      } else if (cursor.is(TYPE)) {
        cursor.skipValue();
      } else if (cursor.isAt('"')) {
        content |= cursor.readString() && cursor.stringFrom() < cursor.stringTo();
      } else {
        content |= cursor.isAt('{') && cursor.skipValue();
      }
    }
  }

  private void readText() {
    if (!cursor.readString() || cursor.stringFrom() == cursor.stringTo()) {
      return;
    }
    content = true;
    texts++;
    textBytes += cursor.stringTo() - cursor.stringFrom();
    text.set(cursor.stringFrom(), cursor.stringTo());
  }

  private void findPadding(RecordSplitter record) {
    byte[] data = record.data();
    int brace = record.dataTo() - 1;
    if (texts != 1 || data[brace] != '}') {
      return;
    }
    int from = brace;
    while (data[from - 1] == ' ') {
      from--;
    }
    padding.set(from, brace);
  }
}
