package io.llmproxy.provider.sse;

import io.llmproxy.provider.wire.ByteScan;
import io.llmproxy.provider.wire.PartBytes;
import io.llmproxy.provider.wire.SharedRoom;
import io.netty.buffer.ByteBuf;

/// Finds the records of a text/event-stream in parts that are cut anywhere.
///
/// Lines end in LF, CRLF or CR; one byte order mark at the start is skipped; a field's name ends at
/// the first colon, and one space after it is dropped; several `data` lines are joined by LF. A
/// comment line before a record's first field is a record of its own, so that a heartbeat is never
/// held up by what follows it.
///
/// A record inside one window of a part is read where it lies. One that goes on beyond is gathered
/// in a buffer of this object; a record longer than [#LONGEST], or than there is [SharedRoom] for,
/// is told without its data. Whoever has one releases it in the end.
public final class RecordSplitter {
  /// The longest record that is gathered, in bytes.
  public static final int LONGEST = 16 * 1024 * 1024;

  private final RecordShape shape = new RecordShape();
  private final RecordFields fields = new RecordFields();

  // The record that has begun in an earlier window and not ended.
  private final Gathering gathered = new Gathering();
  private final SharedRoom room = new SharedRoom(LONGEST);
  private boolean begun;
  private boolean inLine;
  private boolean comment;
  private boolean tooLong;
  private int beginIndex;

  private boolean afterCr;
  private boolean started;
  // What makes an index of the part of an index of the window's array.
  private int shift;

  // The record that has just ended.
  private byte[] bytes = {};
  private int from;
  private int to;
  private int endIndex;

  /// Tells `records` of each record that ends in `part`, which is borrowed and must not be given on
  /// before this returns.
  public void split(ByteBuf part, Records records) {
    beginIndex = 0;
    int readable = part.readableBytes();
    for (int offset = 0; offset < readable; offset += PartBytes.WINDOW) {
      byte[] window = PartBytes.array(part, offset);
      int start = PartBytes.start(part, offset);
      shift = offset - start;
      splitWindow(window, start, start + PartBytes.length(part, offset), records);
    }
  }

  /// The stream ended: tells `records` of a record that lacks its empty line.
  public void finish(Records records) {
    if (begun) {
      endIndex = 0;
      tell(gathered.array(), 0, gathered.length(), records);
      end();
    }
  }

  /// Lets later records that differ from the one being told only in these holes be told as
  /// [Records#repeated]. Both must lie in its data; `second`, after `first`, may be unset. Whether
  /// they will be; if not, records are still told so that repeat the one learned before.
  public boolean learn(Hole first, Hole second) {
    // A record that ends in CR might still be followed by its LF.
    return !fields.isJoined()
        && bytes[to - 1] == '\n'
        && shape.learn(bytes, from, to, first, second);
  }

  /// Whether the record has data.
  public boolean hasData() {
    return fields.hasData();
  }

  /// Whether the record was longer than could be gathered, so that nothing of it is known.
  public boolean isTooLong() {
    return tooLong;
  }

  /// The array that holds the record's data in `[dataFrom, dataTo)`.
  public byte[] data() {
    return fields.data();
  }

  public int dataFrom() {
    return fields.dataFrom();
  }

  /// Whether the record has several lines of data, so that what [#data] holds stands nowhere in it.
  public boolean isJoined() {
    return fields.isJoined();
  }

  /// Writes the record to `out` as it came.
  public void writeTo(ByteBuf out) {
    out.writeBytes(bytes, from, to - from);
  }

  /// Likewise with `data` in the place of its own, which must not be joined.
  public void writeTo(ByteBuf out, ByteBuf data) {
    out.writeBytes(bytes, from, dataFrom() - from);
    out.writeBytes(data);
    out.writeBytes(bytes, dataTo(), to - dataTo());
  }

  public int dataTo() {
    return fields.dataTo();
  }

  /// Whether the record's event has a name.
  public boolean hasEvent() {
    return fields.hasEvent();
  }

  /// Whether the record's event is called `name`.
  public boolean eventIs(byte[] name) {
    return fields.eventIs(name);
  }

  /// Where in the part the record begins: 0 if it began in an earlier one. While [#isBegun] between
  /// parts, where the record begins that has not ended.
  public int beginIndex() {
    return beginIndex;
  }

  /// Where in the part the record ends, its empty line included.
  public int endIndex() {
    return endIndex;
  }

  /// Whether a record has begun and not ended.
  public boolean isBegun() {
    return begun;
  }

  /// Whether the record that [#isBegun] is a comment line.
  public boolean isComment() {
    return comment;
  }

  /// Reads the fields of a record that [#isBegun] as far as they are there, between parts.
  public void readBegun() {
    readFields(gathered.array(), 0, gathered.length());
  }

  private void splitWindow(byte[] window, int start, int limit, Records records) {
    int at = start;
    while (at < limit) {
      if (afterCr) {
        at = completeCr(window, at, records);
        continue;
      }
      int matched = begun ? 0 : shape.match(window, at, limit);
      if (matched > 0) {
        records.repeated(window, shape.holeFrom(), shape.holeTo());
        at += matched;
        continue;
      }
      int end = recordEnd(window, at, limit);
      if (end < 0) {
        gather(window, at, limit);
        return;
      }
      endRecord(window, at, end, records);
      at = end;
    }
  }

  private int completeCr(byte[] window, int at, Records records) {
    afterCr = false;
    if (window[at] != '\n') {
      return at;
    }
    if (begun) {
      gather(window, at, at + 1);
    } else {
      records.lateLineFeed(at + shift);
    }
    return at + 1;
  }

  /// Where the record ends that goes on at `start`, negative if not before `limit`.
  private int recordEnd(byte[] window, int start, int limit) {
    if (!begun) {
      comment = window[start] == ':';
    }
    int line = start;
    while (true) {
      int end = ByteScan.lineEnd(window, line, limit);
      if (end == limit) {
        inLine |= end > line;
        return -1;
      }
      boolean last = comment || (end == line && !inLine);
      int next = end + 1;
      if (window[end] == '\r') {
        afterCr = next == limit;
        next += !afterCr && window[next] == '\n' ? 1 : 0;
      }
      inLine = false;
      if (last) {
        return next;
      }
      line = next;
    }
  }

  private void gather(byte[] window, int start, int limit) {
    if (!begun) {
      begun = true;
      beginIndex = start + shift;
    }
    if (tooLong || !room.has(gathered.length() + limit - start)) {
      tooLong = true;
      release();
      return;
    }
    gathered.add(window, start, limit);
  }

  private void endRecord(byte[] window, int start, int end, Records records) {
    endIndex = end + shift;
    if (begun) {
      gather(window, start, end);
      tell(gathered.array(), 0, gathered.length(), records);
    } else {
      beginIndex = start + shift;
      tell(window, start, end, records);
    }
    end();
  }

  private void tell(byte[] source, int start, int end, Records records) {
    bytes = source;
    from = start;
    to = end;
    readFields(source, start, end);
    records.record(this);
  }

  private void readFields(byte[] source, int start, int end) {
    boolean marked =
        !started
            && end - start >= 3
            && source[start] == (byte) 0xEF
            && source[start + 1] == (byte) 0xBB
            && source[start + 2] == (byte) 0xBF;
    fields.read(source, marked ? start + 3 : start, end);
  }

  private void end() {
    started = true;
    begun = false;
    inLine = false;
    tooLong = false;
    release();
  }

  /// Gives up what is gathered; may be called again and again.
  public void release() {
    gathered.clear();
    room.clear();
  }
}
