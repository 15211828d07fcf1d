package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 stream: its request as it arrives and its reply as it is written.
final class Http2Reply implements ReplySink {

  private static final int SLOW_READ_BYTES = 512;

  private final Http2Handler connection;
  private final Http2Stream stream;
  private @Nullable Arrival arrival;
  private @Nullable OpenReply reply;
  private boolean peeked;
  private int slowBytesPerSecond;
  private int unconsumed;
  private boolean consuming;
  private boolean ended;

  Http2Reply(Http2Handler connection, Http2Stream stream, Arrival arrival) {
    this.connection = connection;
    this.stream = stream;
    this.arrival = arrival;
  }

  /// Takes a part of the body; gives how many of its `bytes`, padding included, are done with.
  int received(ByteBuf data, int bytes, boolean last) {
    Arrival open = arrival;
    if (open == null) {
      data.release();
      return bytes;
    }
    open.add(data, alloc());
    if (last && slowBytesPerSecond == 0) {
      bodyEnded();
      return bytes;
    }
    if (!peeked && open.body() != null) {
      peeked = true;
      peek(open);
    }
    if (slowBytesPerSecond == 0) {
      return bytes;
    }
    unconsumed += bytes;
    ended |= last;
    consumeLater();
    return 0;
  }

  private void peek(Arrival open) {
    Script script = connection.desk().peek(open);
    if (script == null) {
      return;
    }
    slowBytesPerSecond = script.slowReadBytes();
    if (script.early()) {
      open.answerEarly();
      bodyEnded();
    }
  }

  private void consumeLater() {
    if (!consuming) {
      consuming = true;
      long pauseNanos = 1_000_000_000L * SLOW_READ_BYTES / slowBytesPerSecond;
      ctx().executor().schedule(this::consume, pauseNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void consume() {
    consuming = false;
    if (arrival == null) {
      return;
    }
    int part = Math.min(unconsumed, SLOW_READ_BYTES);
    unconsumed -= part;
    try {
      if (part > 0) {
        connection.connection().local().flowController().consumeBytes(stream, part);
      }
    } catch (Http2Exception e) {
      ctx().fireExceptionCaught(e);
    }
    if (unconsumed > 0) {
      consumeLater();
    } else if (ended) {
      bodyEnded();
    }
    connection.flushNow();
  }

  /// The request is whole: answers it.
  void bodyEnded() {
    Arrival whole = arrival;
    if (whole == null) {
      return;
    }
    if (unconsumed > 0) {
      ended = true;
      return;
    }
    arrival = null;
    OpenReply opened = connection.desk().answer(connection.paths(), whole, this);
    whole.release();
    if (opened != null) {
      reply = opened;
      opened.start();
    }
  }

  /// The stream is closed, by whichever side.
  void gone() {
    if (arrival != null) {
      arrival.release();
      arrival = null;
    }
    if (reply != null) {
      reply.clientGone();
      reply = null;
    }
  }

  /// The reader has caught up.
  void readerCaughtUp() {
    if (reply != null) {
      reply.writable();
    }
  }

  private ChannelHandlerContext ctx() {
    return connection.place();
  }

  @Override
  public ByteBufAllocator alloc() {
    return ctx().alloc();
  }

  @Override
  public boolean chunked() {
    return false;
  }

  @Override
  public void head(ReplyHead head) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.status(AsciiString.of(Integer.toString(head.status())));
    List<? extends CharSequence> fields = head.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      headers.add(fields.get(i), fields.get(i + 1));
    }
    if (head.contentLength() >= 0) {
      headers.add("content-length", Long.toString(head.contentLength()));
    }
    connection.encoder().writeHeaders(ctx(), stream.id(), headers, 0, false, ctx().newPromise());
  }

  @Override
  public void write(ByteBuf body) {
    connection.encoder().writeData(ctx(), stream.id(), body, 0, false, ctx().newPromise());
  }

  @Override
  public void writeFramed(ByteBuf body) {
    write(body);
  }

  @Override
  public boolean writable() {
    return connection.encoder().flowController().isWritable(stream);
  }

  @Override
  public void end() {
    reply = null;
    connection
        .encoder()
        .writeData(ctx(), stream.id(), Unpooled.EMPTY_BUFFER, 0, true, ctx().newPromise());
  }

  @Override
  public void touch() {
    connection.touch();
  }

  @Override
  public void flushNow() {
    connection.flushNow();
  }

  @Override
  public void reset() {
    reply = null;
    connection.resetStream(
        ctx(), stream.id(), Http2Error.INTERNAL_ERROR.code(), ctx().newPromise());
    connection.flushNow();
  }

  @Override
  public void drop() {
    reply = null;
    ctx().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx().channel().unsafe().close(ctx().channel().voidPromise());
  }

  @Override
  public void close() {
    reply = null;
    ctx().channel().unsafe().close(ctx().channel().voidPromise());
  }

  @Override
  public void freeze() {
    connection.flushNow();
    Frozen.freeze(ctx().channel());
  }

  /// As servers announce it whose clients may have sent more by now (RFC 9113 section 6.8).
  @Override
  public void goAway() {
    if (connection.isLeaving()) {
      // It has named its last stream, and may name no later one.
      return;
    }
    connection
        .encoder()
        .writeGoAway(
            ctx(),
            Integer.MAX_VALUE,
            Http2Error.NO_ERROR.code(),
            Unpooled.EMPTY_BUFFER,
            ctx().newPromise());
    connection.flushNow();
  }
}
