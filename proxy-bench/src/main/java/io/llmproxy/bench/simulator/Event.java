package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/// One event's bytes, written again and again, in an HTTP/1.1 chunk of its own where asked.
///
/// @param bytes owned by the rendition
/// @param stampAt where the time stamp's digits begin, or -1
/// @param bodyBytes how many of the bytes are body
record Event(ByteBuf bytes, int stampAt, int bodyBytes) {

  static final String STAMP = "t=00000000000000000000 d=00000000000000000000 ";
  private static final int DIGITS = 20;
  private static final int DUE_AFTER = DIGITS + " d=".length();

  static Event of(Shape.Frame frame, String text, boolean chunked) {
    byte[] before = frame.before().getBytes(UTF_8);
    byte[] middle = text.getBytes(UTF_8);
    byte[] after = frame.after().getBytes(UTF_8);
    int body = before.length + middle.length + after.length;
    ByteBuf bytes = Unpooled.directBuffer(body + 16);
    if (chunked) {
      bytes.writeCharSequence(Integer.toHexString(body) + "\r\n", US_ASCII);
    }
    int stampAt = text.startsWith("t=0") ? bytes.writerIndex() + before.length + 2 : -1;
    bytes.writeBytes(before).writeBytes(middle).writeBytes(after);
    if (chunked) {
      ByteBufUtil.writeShortBE(bytes, 0x0D0A);
    }
    return new Event(bytes, stampAt, body);
  }

  /// Gives the event's bytes, stamped with this moment and `dueNanos` where it bears a stamp.
  ByteBuf take(ByteBufAllocator alloc, long dueNanos) {
    if (stampAt < 0) {
      return bytes.retainedDuplicate();
    }
    ByteBuf copy = alloc.directBuffer(bytes.readableBytes());
    copy.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    Template.setDigits(copy, stampAt, DIGITS, System.nanoTime());
    Template.setDigits(copy, stampAt + DUE_AFTER, DIGITS, dueNanos);
    return copy;
  }

  /// Gives a buffer that holds the event `times` over.
  ByteBuf repeated(int times) {
    ByteBuf block = Unpooled.directBuffer(bytes.readableBytes() * times);
    for (int i = 0; i < times; i++) {
      block.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
    return block;
  }
}
