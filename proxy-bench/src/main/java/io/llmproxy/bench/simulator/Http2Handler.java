package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection: frames to the reply that is its stream's property, without channels of
/// their own for streams.
final class Http2Handler extends Http2ConnectionHandler implements Ticker.Flushable {

  /// Writes heads of any size, also of more than the peer takes.
  private static final boolean IGNORES_HEAD_LIMIT = true;

  private static final long LEAVING_PING = 0x6c656176696e67L;

  private final Desk desk;
  private final Paths paths;
  private final Http2Connection.PropertyKey key;
  private boolean touched;
  private boolean leaving;
  private @Nullable ChannelHandlerContext ctx;

  private Http2Handler(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Desk desk, Paths paths) {
    super(
        decoder,
        encoder,
        Http2Settings.defaultSettings()
            .maxHeaderListSize(64 * 1024)
            .maxConcurrentStreams(desk.http2().streams()));
    this.desk = desk;
    this.paths = paths;
    Http2Connection connection = encoder.connection();
    key = connection.newKey();
    connection.addListener(new Ends());
    encoder.flowController().listener(this::writabilityChanged);
    decoder.frameListener(new Frames());
    gracefulShutdownTimeoutMillis(0);
  }

  static Http2Handler create(Desk desk, Paths paths) {
    Http2Connection connection = new DefaultHttp2Connection(true);
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(
            connection,
            new DefaultHttp2FrameWriter(
                new DefaultHttp2HeadersEncoder(
                    Http2HeadersEncoder.NEVER_SENSITIVE, IGNORES_HEAD_LIMIT)));
    Http2ConnectionDecoder decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false, 64 * 1024)));
    return new Http2Handler(decoder, encoder, desk, paths);
  }

  /// Requests' parts.
  private final class Frames extends Http2FrameAdapter {

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean last) {
      Http2Stream stream = connection().stream(id);
      if (stream == null) {
        return;
      }
      Http2Reply reply = reply(stream);
      if (reply == null) {
        reply = new Http2Reply(Http2Handler.this, stream, arrival(headers));
        stream.setProperty(key, reply);
      }
      if (last) {
        reply.bodyEnded();
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last) {
      onHeadersRead(ctx, id, headers, padding, last);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
      if (data == LEAVING_PING) {
        leaveNow();
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
      Http2Reply reply = reply(connection().stream(id));
      int bytes = data.readableBytes() + padding;
      return reply == null ? bytes : reply.received(data.retain(), bytes, last);
    }
  }

  /// Streams' ends.
  private final class Ends extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Reply reply = reply(stream);
      if (reply != null) {
        reply.gone();
      }
      if (leaving) {
        closeIfIdle();
      }
    }
  }

  private static Arrival arrival(Http2Headers headers) {
    Arrival.Fields fields = new Arrival.Fields(headers::get, headers);
    return new Arrival(text(headers.method()), text(headers.path()), fields);
  }

  private static String text(@Nullable CharSequence chars) {
    return chars == null ? "" : chars.toString();
  }

  private @Nullable Http2Reply reply(@Nullable Http2Stream stream) {
    return stream == null ? null : (Http2Reply) stream.getProperty(key);
  }

  private void writabilityChanged(Http2Stream stream) {
    Http2Reply reply = reply(stream);
    if (reply != null && encoder().flowController().isWritable(stream)) {
      reply.readerCaughtUp();
    }
  }

  /// Whether it has said which stream is its last.
  boolean isLeaving() {
    return leaving;
  }

  Desk desk() {
    return desk;
  }

  Paths paths() {
    return paths;
  }

  /// The place in the pipeline; there once the handler was added.
  ChannelHandlerContext place() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext own) throws Exception {
    ctx = own;
    super.handlerAdded(own);
    long nanos = desk.http2().goAwayEvery().toNanos();
    if (nanos > 0) {
      own.executor().schedule(this::leave, nanos, TimeUnit.NANOSECONDS);
    }
  }

  /// Announces its end, as servers do whose clients may have sent more by now (RFC 9113 section
  /// 6.8); what follows waits for the client to have heard.
  private void leave() {
    if (place().channel().isActive()) {
      sayGoAway(Integer.MAX_VALUE);
      encoder().writePing(place(), false, LEAVING_PING, place().newPromise());
      flushNow();
    }
  }

  /// Takes no stream after those it knows, and closes once they have ended.
  private void leaveNow() {
    leaving = true;
    sayGoAway(connection().remote().lastStreamCreated());
    flushNow();
    closeIfIdle();
  }

  private void sayGoAway(int last) {
    goAway(place(), last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, place().newPromise());
  }

  /// In a turn of its own, when the last stream's end is written. Its own half first: a socket that
  /// is closed with bytes unread is reset, and the reset takes along what the peer has not read.
  private void closeIfIdle() {
    place()
        .executor()
        .execute(() -> {
          if (connection().numActiveStreams() == 0) {
            flushNow();
            place().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> endOutput());
          }
        });
  }

  private void endOutput() {
    if (place().channel() instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
  }

  /// A fault of one stream ends that stream alone: its neighbours know nothing of it.
  @Override
  public void onError(ChannelHandlerContext own, boolean outbound, Throwable cause) {
    Http2Exception known = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
    if (Http2Exception.isStreamError(known)) {
      super.onError(own, outbound, cause);
    } else {
      own.close();
    }
  }

  void touch() {
    if (!touched) {
      touched = desk.ticker().touch(this);
    }
  }

  @Override
  public void flushNow() {
    touched = false;
    flush(place());
  }
}
