package io.llmproxy.provider.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.usage.ResponsesUsage;
import io.llmproxy.provider.wire.ContentMeter;
import java.util.Arrays;

/// What the events of one Responses stream say, as far as a relay wants to know it.
final class ResponsesEvent {
  private static final byte[] TYPE = ascii("type");
  private static final byte[] DELTA = ascii("delta");
  private static final byte[] RESPONSE = ascii("response");
  private static final byte[] ITEM = ascii("item");
  private static final byte[] ERROR = ascii("error");
  private static final byte[] USAGE = ascii("usage");
  private static final byte[] SERVICE_TIER = ascii("service_tier");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] ARGUMENTS = ascii("arguments");
  private static final byte[] REFUSAL = ascii("refusal");
  private static final byte[] COMPLETED = ascii("response.completed");
  private static final byte[] INCOMPLETE = ascii("response.incomplete");
  private static final byte[] FAILED = ascii("response.failed");
  private static final byte[] ADDED = ascii("response.output_item.added");
  private static final byte[] CALL = ascii("_call");

  private final JsonCursor cursor = new JsonCursor();
  private final ResponsesUsage usage;
  private final ContentMeter meter;

  private boolean complete;
  private boolean error;

  // Of the item added last: whether its content came piece by piece, so that the end repeats it.
  private boolean pieces;

  // Of the event being read.
  private Type type = Type.OTHER;
  private boolean typed;
  private boolean errorTold;
  private boolean usageRead;
  private boolean calls;
  private long deltaBytes;
  private long wholeBytes;

  /// The types that mean more than what they hold.
  private enum Type {
    COMPLETED,
    FAILED,
    ADDED,
    OTHER
  }

  /// Reports what it reads of usage to `usage` and of content to `meter`.
  ResponsesEvent(ResponsesUsage usage, ContentMeter meter) {
    this.usage = usage;
    this.meter = meter;
  }

  /// Reads the event of `record`, which has data.
  void read(RecordSplitter record) {
    clear();
    cursor.reset(record.data(), record.dataFrom(), record.dataTo());
    if (!cursor.enterObject()) {
      error |= record.eventIs(ERROR);
      return;
    }
    while (cursor.nextName()) {
      readMember(record.data());
    }
    if (!typed) {
      type = typeOf(record);
    }
    conclude();
  }

  /// Whether the response was said to be over, and is.
  boolean isComplete() {
    return complete;
  }

  boolean hasError() {
    return error;
  }

  private void clear() {
    type = Type.OTHER;
    typed = false;
    errorTold = false;
    usageRead = false;
    calls = false;
    deltaBytes = 0;
    wholeBytes = 0;
  }

  private void conclude() {
    error |= errorTold || type == Type.FAILED;
    complete |= type == Type.COMPLETED && cursor.isWhole();
    if (deltaBytes > 0) {
      pieces = true;
      meter.add(deltaBytes);
    } else if (type == Type.ADDED) {
      pieces = false;
      if (calls) {
        meter.add(0);
      }
    } else if (wholeBytes > 0 && !pieces) {
      // Some servers tell the whole at once; the events that follow repeat it.
      pieces = true;
      meter.add(wholeBytes);
    }
    if (usageRead) {
      meter.reported();
    }
  }

  private void readMember(byte[] bytes) {
    if (cursor.is(DELTA)) {
      deltaBytes += stringBytes();
    } else if (cursor.is(TEXT) || cursor.is(ARGUMENTS) || cursor.is(REFUSAL)) {
      wholeBytes += stringBytes();
    } else if (cursor.is(TYPE)) {
      typed = cursor.readString();
      type = typed ? typeOf(cursor) : Type.OTHER;
    } else if (cursor.is(RESPONSE)) {
      readResponse();
    } else if (cursor.is(ITEM)) {
      readItem(bytes);
    } else if (cursor.is(ERROR)) {
      errorTold |= cursor.skipValue();
    } else {
      cursor.skipValue();
    }
  }

  private long stringBytes() {
    return cursor.readString() ? cursor.stringTo() - cursor.stringFrom() : 0;
  }

  private void readResponse() {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (cursor.is(USAGE)) {
        usageRead |= usage.read(cursor);
      } else if (cursor.is(SERVICE_TIER)) {
        usage.readTier(cursor);
      } else if (cursor.is(ERROR)) {
        errorTold |= cursor.skipValue();
      } else {
        cursor.skipValue();
      }
    }
  }

  private void readItem(byte[] bytes) {
    if (!cursor.enterObject()) {
      return;
    }
    while (cursor.nextName()) {
      if (!cursor.is(TYPE)) {
        cursor.skipValue();
      } else if (cursor.readString()) {
        calls = isCall(bytes, cursor.stringFrom(), cursor.stringTo());
      }
    }
  }

  private static boolean isCall(byte[] bytes, int from, int to) {
    int at = to - CALL.length;
    return at >= from && Arrays.equals(bytes, at, to, CALL, 0, CALL.length);
  }

  private static Type typeOf(JsonCursor name) {
    if (name.is(COMPLETED) || name.is(INCOMPLETE)) {
      return Type.COMPLETED;
    }
    if (name.is(FAILED) || name.is(ERROR)) {
      return Type.FAILED;
    }
    return name.is(ADDED) ? Type.ADDED : Type.OTHER;
  }

  /// The name of the event counts only where its data says no type.
  private static Type typeOf(RecordSplitter record) {
    if (record.eventIs(COMPLETED) || record.eventIs(INCOMPLETE)) {
      return Type.COMPLETED;
    }
    if (record.eventIs(FAILED) || record.eventIs(ERROR)) {
      return Type.FAILED;
    }
    return record.eventIs(ADDED) ? Type.ADDED : Type.OTHER;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
