package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.provider.json.FieldNames;
import io.llmproxy.provider.json.JsonFault;
import io.llmproxy.provider.json.JsonScanner;
import io.llmproxy.provider.json.JsonWriter;
import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.sse.Records;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A stream on its way to become one JSON object.
///
/// A record that is not JSON, or too long to be gathered, makes the whole one that is not whole:
/// nothing that was said may be missing.
final class HeldStream implements Shape {
  private static final byte[] NOTHING = {};
  private static final int FIRST_BYTES = 4096;

  private final Fold fold;
  private final Room room;
  private final RecordSplitter splitter = new RecordSplitter();
  private final Records records = new Follower();
  private boolean ended;
  private boolean tooLong;
  private boolean malformed;
  private byte[] error = NOTHING;

  /// @param room what `fold` has
  HeldStream(Fold fold, Room room) {
    this.fold = fold;
    this.room = room;
  }

  @Override
  public void part(ByteBuf part) {
    splitter.split(part, records);
    part.release();
  }

  @Override
  public @Nullable ByteBuf whole(ByteBufAllocator allocator) {
    splitter.finish(records);
    if (malformed || isOverflown()) {
      return null;
    }
    ByteBuf out = allocator.buffer(FIRST_BYTES);
    fold.write(new JsonWriter(out), out);
    if (HeldJson.isObject(out)) {
      return out;
    }
    out.release();
    return null;
  }

  @Override
  public @Nullable ByteBuf error(ByteBufAllocator allocator) {
    splitter.finish(records);
    return error.length == 0 ? null : allocator.buffer(error.length).writeBytes(error);
  }

  @Override
  public boolean isOverflown() {
    return tooLong || room.isOverflown();
  }

  @Override
  public void release() {
    splitter.release();
  }

  private void follow(RecordSplitter record) {
    tooLong |= record.isTooLong();
    if (ended || !record.hasData() || error.length > 0 || isOverflown()) {
      return;
    }
    byte[] data = record.data();
    int from = record.dataFrom();
    int to = record.dataTo();
    while (from < to && (data[from] == ' ' || data[from] == '\t')) {
      from++;
    }
    if (from == to || data[from] != '{') {
      // What is neither an object nor the end is read by no client.
      ended = new String(data, from, to - from, US_ASCII).stripTrailing().equals("[DONE]");
      return;
    }
    if (!isJson(data, from, to)) {
      malformed = true;
      return;
    }
    Fold.Event event = name -> record.eventIs(name.getBytes(US_ASCII));
    Fields fields = Fields.of(JsonSpan.of(data, from, to));
    if (fold.isError(event, fields)) {
      error = Arrays.copyOfRange(data, from, to);
    } else {
      fold.read(event, fields);
      ended = fold.isEnd(event, fields);
    }
  }

  /// A character may be cut between two strings that belong together; that the whole is in UTF-8 is
  /// looked at in the end.
  private static boolean isJson(byte[] data, int from, int to) {
    JsonScanner scanner = new JsonScanner(FieldNames.of());
    scanner.feed(Unpooled.wrappedBuffer(data, from, to - from));
    scanner.finish();
    JsonFault fault = scanner.fault();
    return fault == null || fault.kind() == JsonFault.Kind.INVALID_UTF8;
  }

  private final class Follower implements Records {

    @Override
    public void record(RecordSplitter record) {
      follow(record);
    }

    @Override
    public void repeated(byte[] bytes, int from, int to) {
      throw new IllegalStateException("a record was repeated, but none was learned");
    }

    @Override
    public void lateLineFeed(int partIndex) {
      // Nothing goes on as it came.
    }
  }
}
