package io.llmproxy.provider.sse;

import io.llmproxy.provider.wire.ByteScan;
import java.util.Arrays;

/// The event name and the data of one record.
final class RecordFields {
  private static final byte[] NOTHING = {};
  private static final byte[] LINE_FEED = {'\n'};

  private final Gathering joined = new Gathering();
  private int dataLines;

  private byte[] data = NOTHING;
  private int dataFrom;
  private int dataTo;
  private byte[] eventBytes = NOTHING;
  private int eventFrom;
  private int eventTo;

  /// Forgets the record read last.
  void clear() {
    dataLines = 0;
    dataFrom = 0;
    dataTo = 0;
    eventFrom = 0;
    eventTo = 0;
    joined.clear();
  }

  /// Reads the lines in `[from, to)`, which is borrowed until the next call; the last line may lack
  /// its end.
  void read(byte[] bytes, int from, int to) {
    clear();
    eventBytes = bytes;
    int line = from;
    while (line < to) {
      int end = ByteScan.lineEnd(bytes, line, to);
      readLine(bytes, line, end);
      // The LF of a CRLF reads as one more, empty, line.
      line = end + 1;
    }
  }

  boolean hasData() {
    return dataLines > 0;
  }

  boolean isJoined() {
    return dataLines > 1;
  }

  byte[] data() {
    return data;
  }

  int dataFrom() {
    return dataFrom;
  }

  int dataTo() {
    return dataTo;
  }

  boolean hasEvent() {
    return eventFrom < eventTo;
  }

  boolean eventIs(byte[] name) {
    return Arrays.equals(eventBytes, eventFrom, eventTo, name, 0, name.length);
  }

  private void readLine(byte[] bytes, int from, int to) {
    int value = valueFrom(bytes, from, to, 4);
    if (value >= 0 && isData(bytes, from)) {
      addData(bytes, value, to);
      return;
    }
    value = valueFrom(bytes, from, to, 5);
    if (value >= 0 && isEvent(bytes, from)) {
      eventFrom = value;
      eventTo = to;
    }
  }

  /// Where the value of a field begins whose name is `nameBytes` long, negative if it is not.
  private static int valueFrom(byte[] bytes, int from, int to, int nameBytes) {
    int colon = from + nameBytes;
    if (colon >= to) {
      return colon == to ? to : -1;
    }
    if (bytes[colon] != ':') {
      return -1;
    }
    int value = colon + 1;
    return value < to && bytes[value] == ' ' ? value + 1 : value;
  }

  private static boolean isData(byte[] bytes, int at) {
    return bytes[at] == 'd' && bytes[at + 1] == 'a' && bytes[at + 2] == 't' && bytes[at + 3] == 'a';
  }

  private static boolean isEvent(byte[] bytes, int at) {
    return bytes[at] == 'e'
        && bytes[at + 1] == 'v'
        && bytes[at + 2] == 'e'
        && bytes[at + 3] == 'n'
        && bytes[at + 4] == 't';
  }

  private void addData(byte[] bytes, int from, int to) {
    dataLines++;
    if (dataLines == 1) {
      data = bytes;
      dataFrom = from;
      dataTo = to;
      return;
    }
    if (dataLines == 2) {
      joined.add(data, dataFrom, dataTo);
    }
    joined.add(LINE_FEED, 0, 1);
    joined.add(bytes, from, to);
    data = joined.array();
    dataFrom = 0;
    dataTo = joined.length();
  }
}
