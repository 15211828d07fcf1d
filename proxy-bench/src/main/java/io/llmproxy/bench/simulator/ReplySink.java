package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Where a reply is written: one HTTP/1.1 response or one HTTP/2 stream. Event loop only.
interface ReplySink {

  ByteBufAllocator alloc();

  /// Whether body bytes go out in HTTP/1.1 chunks, so that they may be framed beforehand.
  boolean chunked();

  void head(ReplyHead head);

  /// Takes bytes of the body.
  void write(ByteBuf body);

  /// Takes bytes of the body that are framed already where [#chunked] says so.
  void writeFramed(ByteBuf body);

  boolean writable();

  /// The body's clean end.
  void end();

  /// Notes that something was written; it goes out at the end of the tick or of the read.
  void touch();

  void flushNow();

  /// Breaks off: TCP reset over HTTP/1.1, RST_STREAM over HTTP/2.
  void reset();

  /// Resets the TCP connection.
  void drop();

  /// Closes the TCP connection in order, in the middle of the body.
  void close();

  /// Nothing is sent or read on the connection any more, and it stays open.
  void freeze();

  /// GOAWAY; over HTTP/1.1 the connection closes after this reply.
  void goAway();
}
