package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.exchange.Exchange;
import io.llmproxy.proxy.http.ReplyHead;
import io.llmproxy.proxy.http.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Writes one reply as frames of its stream, and ties the stream to its exchange.
///
/// Whether the caller keeps up is told by the bytes of this stream alone that have not left yet:
/// Netty's own answer counts those of all streams against the connection's window, so that one that
/// nobody reads would stop all others for good.
final class Http2ReplyWriter implements ReplyWriter, ChannelFutureListener {

  /// A part on its way; complete once its last byte has left.
  private static final class PartPromise extends DefaultChannelPromise {
    private final int bytes;

    PartPromise(ChannelHandlerContext ctx, int bytes) {
      super(ctx.channel(), ctx.executor());
      this.bytes = bytes;
    }
  }

  private static final int MOST_UNSENT_BYTES = 128 << 10;
  private static final int RESUME_BYTES = 32 << 10;
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

  private final Http2Downstream connection;
  private final Http2Stream stream;
  private final boolean bodiless;
  private @Nullable Exchange exchange;
  private boolean requestWhole;
  private boolean ended;
  private int unsentBytes;

  /// Whether an exchange was told to wait.
  private boolean full;

  Http2ReplyWriter(
      Http2Downstream connection, Http2Stream stream, boolean toHead, boolean requestWhole) {
    this.connection = connection;
    this.stream = stream;
    this.bodiless = toHead;
    this.requestWhole = requestWhole;
  }

  void exchange(Exchange exchange) {
    this.exchange = exchange;
  }

  /// Takes a piece of the request's body.
  void requestPart(ByteBuf part) {
    if (exchange == null) {
      part.release();
    } else {
      exchange.body(part);
    }
  }

  void requestEnded() {
    requestWhole = true;
    if (exchange != null) {
      exchange.bodyEnd();
    }
  }

  /// A part has left, or never will.
  @Override
  public void operationComplete(ChannelFuture sent) {
    unsentBytes -= ((PartPromise) sent).bytes;
    if (full && unsentBytes <= RESUME_BYTES) {
      full = false;
      if (exchange != null) {
        exchange.writable();
      }
    }
  }

  void streamClosed() {
    ended = true;
    if (exchange != null) {
      exchange.callerGone();
    }
  }

  @Override
  public void head(ReplyHead head, boolean last) {
    boolean sized = head.contentLength() >= 0;
    AsciiString[] pairs = new AsciiString[(head.size() + (sized ? 1 : 0)) * 2];
    for (int i = 0; i < head.size(); i++) {
      pairs[i * 2] = head.name(i);
      pairs[i * 2 + 1] = head.value(i);
    }
    if (sized) {
      pairs[pairs.length - 2] = CONTENT_LENGTH;
      pairs[pairs.length - 1] = AsciiString.of(Long.toString(head.contentLength()));
    }
    AsciiString status = HttpResponseStatus.valueOf(head.status()).codeAsText();
    ChannelHandlerContext ctx = connection.context();
    boolean only = last || bodiless;
    connection
        .encoder()
        .writeHeaders(
            ctx,
            stream.id(),
            ReadOnlyHttp2Headers.serverHeaders(false, status, pairs),
            0,
            only,
            ctx.newPromise());
    if (only) {
      ended();
    }
  }

  @Override
  public void part(ByteBuf part, boolean exclusive) {
    if (ended) {
      part.release();
      return;
    }
    ChannelHandlerContext ctx = connection.context();
    PartPromise promise = new PartPromise(ctx, part.readableBytes());
    unsentBytes += promise.bytes;
    promise.addListener(this);
    connection.encoder().writeData(ctx, stream.id(), part, 0, false, promise);
  }

  @Override
  public void end() {
    if (ended) {
      return;
    }
    ChannelHandlerContext ctx = connection.context();
    connection
        .encoder()
        .writeData(ctx, stream.id(), Unpooled.EMPTY_BUFFER, 0, true, ctx.newPromise());
    ended();
  }

  @Override
  public void end(AsciiString name, AsciiString value) {
    if (ended) {
      return;
    }
    ChannelHandlerContext ctx = connection.context();
    connection
        .encoder()
        .writeHeaders(
            ctx,
            stream.id(),
            ReadOnlyHttp2Headers.trailers(false, name, value),
            0,
            true,
            ctx.newPromise());
    ended();
  }

  private void ended() {
    ended = true;
    if (!requestWhole) {
      // The reply is whole without the rest of the request: nothing more of it is wanted
      // (RFC 9113 section 8.1). What was written must leave before the stream is closed.
      connection.flushNow();
      reset(Http2Error.NO_ERROR);
    }
  }

  @Override
  public void abort() {
    if (!ended) {
      ended = true;
      connection.flushNow();
      reset(Http2Error.INTERNAL_ERROR);
    }
  }

  private void reset(Http2Error error) {
    ChannelHandlerContext ctx = connection.context();
    connection.resetStream(ctx, stream.id(), error.code(), ctx.newPromise());
    connection.flushSoon();
  }

  @Override
  public void flush() {
    connection.flushSoon();
  }

  @Override
  public boolean isWritable() {
    full = !ended && unsentBytes > (full ? RESUME_BYTES : MOST_UNSENT_BYTES);
    return !full;
  }
}
