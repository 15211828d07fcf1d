package io.llmproxy.provider.resume;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes of an event stream until they are whole records, each of which is given with its data.
/// Lines end in LF, CRLF or CR.
final class RecordGathering {

  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = "event:".getBytes(StandardCharsets.US_ASCII);

  private static final int MOST_BYTES = 16 << 20;

  private byte[] bytes = new byte[1024];
  private int from;
  private int to;

  /// Where the line begins that was looked at last, and as far as it was.
  private int line;

  private int scanned;
  private int recordFrom;
  private int recordTo;
  private boolean ended;
  private byte[] data = {};

  /// Adds what is readable of `part`, which is borrowed.
  void add(ByteBuf part) {
    int size = part.readableBytes();
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, to - from);
      line -= from;
      scanned -= from;
      to -= from;
      from = 0;
    }
    if (to + size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, to + size));
    }
    part.getBytes(part.readerIndex(), bytes, to, size);
    to += size;
  }

  /// No more bytes follow: what is there of a record is none.
  void end() {
    ended = true;
  }

  void clear() {
    from = 0;
    to = 0;
    line = 0;
    scanned = 0;
    ended = false;
  }

  /// Goes on to the next whole record; false where there is none yet.
  boolean next() {
    for (int i = scanned; i < to; i++) {
      boolean cr = bytes[i] == '\r';
      if (!cr && bytes[i] != '\n') {
        continue;
      }
      if (cr && i + 1 == to && !ended) {
        // Its LF may still come.
        scanned = i;
        return false;
      }
      int end = cr && i + 1 < to && bytes[i + 1] == '\n' ? i + 2 : i + 1;
      if (line == i && i > from) {
        take(end);
        return true;
      }
      line = end;
      i = end - 1;
    }
    scanned = to;
    return false;
  }

  /// Whether a record that is not whole is longer than any that is kept.
  boolean isTooLong() {
    return to - from > MOST_BYTES;
  }

  private void take(int end) {
    recordFrom = from;
    recordTo = end;
    from = end;
    line = end;
    scanned = end;
    byte[] joined = new byte[recordTo - recordFrom];
    int length = 0;
    for (int at = recordFrom; at < recordTo; at = lineEnd(at)) {
      if (startsWith(at, DATA)) {
        if (length > 0) {
          joined[length++] = '\n';
        }
        int begin = at + DATA.length;
        begin += bytes[begin] == ' ' ? 1 : 0;
        int size = Math.max(0, contentEnd(at) - begin);
        System.arraycopy(bytes, begin, joined, length, size);
        length += size;
      }
    }
    data = Arrays.copyOf(joined, length);
  }

  private int lineEnd(int begin) {
    int end = contentEnd(begin);
    return bytes[end] == '\r' && end + 1 < recordTo && bytes[end + 1] == '\n' ? end + 2 : end + 1;
  }

  private int contentEnd(int begin) {
    int end = begin;
    while (end < recordTo && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  private boolean startsWith(int begin, byte[] name) {
    return Arrays.equals(bytes, begin, Math.min(begin + name.length, to), name, 0, name.length);
  }

  /// The record's data, its lines joined by LF; empty where it has none.
  byte[] data() {
    return data;
  }

  int recordBytes() {
    return recordTo - recordFrom;
  }

  /// The record as it came.
  void writeRecord(ByteBuf out) {
    out.writeBytes(bytes, recordFrom, recordTo - recordFrom);
  }

  /// The record's line that names its event, where it has one.
  void writeEventLine(ByteBuf out) {
    for (int at = recordFrom; at < recordTo; at = lineEnd(at)) {
      if (startsWith(at, EVENT)) {
        out.writeBytes(bytes, at, contentEnd(at) - at).writeByte('\n');
      }
    }
  }
}
