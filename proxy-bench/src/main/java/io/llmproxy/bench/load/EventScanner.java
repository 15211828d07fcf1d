package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;

/// Counts the events of a `text/event-stream` in whatever pieces it arrives, reads the time each
/// was sent, and sees its end: `data: [DONE]`.
final class EventScanner {

  /// Takes each event as its last line ends.
  interface Sink {
    /// An event has ended.
    ///
    /// @param sentNanos the sender's `System.nanoTime()`, or 0 where the event bears none
    void event(long sentNanos);
  }

  private static final int MAX_LINE_BYTES = 1 << 20;
  private static final byte[] DATA = "data:".getBytes(US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  private final byte[] stampMark;
  private final ByteBuf carry = Unpooled.buffer(512, MAX_LINE_BYTES);
  private int events;
  private boolean inEvent;
  private boolean done;
  private boolean dataAfterDone;
  private long sentNanos;

  /// @param stampMark the bytes right before the decimal send time; empty to read none
  EventScanner(String stampMark) {
    this.stampMark = stampMark.getBytes(US_ASCII);
  }

  void reset() {
    carry.clear();
    events = 0;
    inEvent = false;
    done = false;
    dataAfterDone = false;
    sentNanos = 0;
  }

  /// Events so far, without `[DONE]`.
  int events() {
    return events;
  }

  /// Whether `data: [DONE]` came, whole, and nothing after it.
  boolean done() {
    return done && !inEvent && !dataAfterDone && !carry.isReadable();
  }

  void read(ByteBuf in, int index, int length, Sink sink) {
    int from = index;
    int end = index + length;
    while (from < end) {
      int newline = in.indexOf(from, end, (byte) '\n');
      if (newline < 0) {
        keep(in, from, end - from);
        return;
      }
      if (carry.isReadable()) {
        keep(in, from, newline - from);
        line(carry, 0, carry.writerIndex(), sink);
        carry.clear();
      } else {
        line(in, from, newline, sink);
      }
      from = newline + 1;
    }
  }

  private void keep(ByteBuf in, int index, int length) {
    if (length > carry.maxWritableBytes()) {
      throw new DecoderException("event line of more than " + MAX_LINE_BYTES + " bytes");
    }
    carry.writeBytes(in, index, length);
  }

  private void line(ByteBuf in, int start, int newline, Sink sink) {
    int end = newline > start && in.getByte(newline - 1) == '\r' ? newline - 1 : newline;
    if (start == end) {
      endEvent(sink);
      return;
    }
    if (!startsWith(in, start, end, DATA)) {
      return;
    }
    dataAfterDone |= done;
    inEvent = true;
    int value = start + DATA.length;
    if (value < end && in.getByte(value) == ' ') {
      value++;
    }
    if (end - value == DONE.length && startsWith(in, value, end, DONE)) {
      done = true;
    } else if (stampMark.length > 0) {
      sentNanos = stamp(in, value, end);
    }
  }

  private void endEvent(Sink sink) {
    if (!inEvent) {
      return;
    }
    inEvent = false;
    if (!done) {
      events++;
      sink.event(sentNanos);
    }
    sentNanos = 0;
  }

  private long stamp(ByteBuf in, int start, int end) {
    for (int i = start; ; i++) {
      i = in.indexOf(i, end, stampMark[0]);
      if (i < 0) {
        return 0;
      }
      if (startsWith(in, i, end, stampMark)) {
        return number(in, i + stampMark.length, end);
      }
    }
  }

  private static long number(ByteBuf in, int start, int end) {
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = in.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static boolean startsWith(ByteBuf in, int start, int end, byte[] prefix) {
    if (end - start < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (in.getByte(start + i) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
