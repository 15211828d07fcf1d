package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.exchange.Exchange;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.FlushTurn;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Http1Head;
import io.llmproxy.proxy.http.Http2Fields;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A caller's connection that speaks HTTP/2: frames to exchanges, each the property of its stream;
/// no child channels, which would double the cost (RFC 9113).
final class Http2Downstream extends Http2ConnectionHandler
    implements Downstream, FlushTurn.Connection {

  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;
  private static final int FRAME_BYTES = 64 << 10;
  private static final int MOST_RESETS = 2000;
  private static final int RESET_WINDOW_SECONDS = 30;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(300);
  private static final long DRAIN_PING = 0x647261696eL;
  private static final long DRAIN_PING_MILLIS = 1000;
  private static final AsciiString HEAD = AsciiString.cached("HEAD");

  private final LoopDownstreams downstreams;
  private final Http2Connection.PropertyKey replyKey;
  private @Nullable ChannelHandlerContext ctx;
  private String peer = "";
  private boolean flushDue;
  private boolean endsAfterStreams;
  private long quietSince = System.nanoTime();

  private Http2Downstream(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      LoopDownstreams downstreams) {
    super(decoder, encoder, settings);
    this.downstreams = downstreams;
    this.replyKey = encoder.connection().newKey();
    encoder.connection().addListener(new StreamEnd());
  }

  static Http2Downstream create(LoopDownstreams downstreams) {
    return new Builder(downstreams).build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    this.ctx = ctx;
    peer = Peer.of(ctx.channel());
    super.handlerAdded(ctx);
    downstreams.add(this);
    grantWindow();
  }

  private void grantWindow() throws Http2Exception {
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW_BYTES);
  }

  void onHeaders(int streamId, Http2Headers headers, boolean last) throws Http2Exception {
    Http2Stream stream = connection().stream(streamId);
    if (stream == null) {
      return;
    }
    Http2ReplyWriter reply = stream.getProperty(replyKey);
    if (reply == null) {
      begin(stream, head(streamId, headers), last);
    } else if (last) {
      // Trailers: their fields mean nothing to us, their end does.
      reply.requestEnded();
    }
  }

  private void begin(Http2Stream stream, RequestHead head, boolean last) {
    Http2ReplyWriter reply = new Http2ReplyWriter(this, stream, head.method().equals(HEAD), last);
    stream.setProperty(replyKey, reply);
    if (head.target().length() > Http1RequestReader.MOST_TARGET_BYTES) {
      downstreams.services().refuse(head, reply, Http1RequestReader.urlTooLong());
      return;
    }
    Exchange exchange = downstreams.services().begin(head, reply);
    reply.exchange(exchange);
    if (last) {
      exchange.bodyEnd();
    }
    if (downstreams.isDraining()) {
      drain();
    }
  }

  /// A head beyond the limit is never given on, but is answered like any other refusal. What
  /// follows resets the stream, so the answer must leave first.
  @Override
  protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
    Http2ReplyWriter reply = new Http2ReplyWriter(this, stream, false, true);
    RequestHead unread = new RequestHead(AsciiString.EMPTY_STRING, AsciiString.EMPTY_STRING, peer);
    downstreams
        .services()
        .refuse(
            unread,
            reply,
            new Failure(
                FailureKind.HEADERS_TOO_LARGE,
                "head is larger than " + downstreams.limits().maxHeader() + " bytes"));
    flushNow();
  }

  private RequestHead head(int streamId, Http2Headers headers) throws Http2Exception {
    CharSequence method = headers.method();
    CharSequence path = headers.path();
    if (method == null || path == null) {
      throw Http2Exception.streamError(
          streamId, Http2Error.PROTOCOL_ERROR, "request without :method or :path");
    }
    RequestHead head = new RequestHead(AsciiString.of(method), AsciiString.of(path), peer);
    for (Map.Entry<CharSequence, CharSequence> field : headers) {
      HeaderName name = HeaderName.find(field.getKey());
      if (name != null) {
        head.add(name, legal(streamId, AsciiString.of(field.getValue())));
      }
    }
    return head;
  }

  private static AsciiString legal(int streamId, AsciiString value) throws Http2Exception {
    if (!Http1Head.isLegalValue(value)) {
      throw Http2Exception.streamError(
          streamId, Http2Error.PROTOCOL_ERROR, "control byte in a field's value");
    }
    return value;
  }

  /// Returns how many bytes of flow control to give back at once: all, since bodies are bounded.
  int onData(int streamId, ByteBuf data, int padding, boolean last) {
    int bytes = data.readableBytes() + padding;
    Http2Stream stream = connection().stream(streamId);
    Http2ReplyWriter reply = stream == null ? null : stream.getProperty(replyKey);
    if (reply != null) {
      if (data.isReadable()) {
        reply.requestPart(data.retainedSlice());
      }
      if (last) {
        reply.requestEnded();
      }
    }
    return bytes;
  }

  /// What a caller sent before it heard of its stream's end is left unanswered (RFC 9113 section
  /// 5.1): Netty would reset the stream once more for each frame.
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    if (error.error() != Http2Error.STREAM_CLOSED
        || connection().stream(error.streamId()) != null) {
      super.onStreamError(ctx, outbound, cause, error);
    }
  }

  /// Sends what was written to any stream at the end of this turn of the event loop.
  void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      downstreams.flushTurn().add(this);
    }
  }

  @Override
  public void flushNow() {
    flushDue = false;
    flush(context());
  }

  ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    downstreams.remove(this);
    super.channelInactive(ctx);
  }

  /// Announces the end, and takes no further stream once the caller has said that it heard: so none
  /// is lost that crosses the announcement (RFC 9113 section 6.8).
  @Override
  public void drain() {
    if (connection().goAwaySent()) {
      return;
    }
    sendGoAway(Integer.MAX_VALUE);
    encoder().writePing(context(), false, DRAIN_PING, context().newPromise());
    flushNow();
    context().executor().schedule(this::endAfterStreams, DRAIN_PING_MILLIS, TimeUnit.MILLISECONDS);
  }

  void onPingAck(long data) {
    if (data == DRAIN_PING) {
      endAfterStreams();
    }
  }

  /// Ends with the last stream under way, however long that takes: exchanges have deadlines of
  /// their own.
  private void endAfterStreams() {
    if (!endsAfterStreams && context().channel().isActive()) {
      endsAfterStreams = true;
      sendGoAway(connection().remote().lastStreamCreated());
      gracefulShutdownTimeoutMillis(-1);
      context().channel().close();
    }
  }

  private void sendGoAway(int lastStream) {
    ChannelHandlerContext ctx = context();
    goAway(ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
  }

  /// Sends GOAWAY behind what was written, and ends without waiting for any stream.
  @Override
  public void close() {
    context().channel().close();
    context().close();
  }

  @Override
  public void check(long nowNanos) {
    if (connection().numActiveStreams() > 0) {
      quietSince = nowNanos;
    } else if (nowNanos - quietSince > IDLE_NANOS) {
      close();
    }
  }

  private final class StreamEnd extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2ReplyWriter reply = stream.getProperty(replyKey);
      if (reply != null) {
        reply.streamClosed();
      }
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Downstream, Builder> {
    private final LoopDownstreams downstreams;

    Builder(LoopDownstreams downstreams) {
      this.downstreams = downstreams;
      DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection)));
      connection(connection);
      initialSettings(
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(downstreams.limits().maxStreamsPerConnection())
              .initialWindowSize(STREAM_WINDOW_BYTES)
              .maxFrameSize(FRAME_BYTES)
              .maxHeaderListSize(downstreams.limits().maxHeader()));
      headerSensitivityDetector(Http2Fields.NEVER_INDEXED);
      decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_WINDOW_SECONDS);
      encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_WINDOW_SECONDS);
    }

    @Override
    protected Http2Downstream build() {
      Http2RequestFrames frames = new Http2RequestFrames();
      frameListener(frames);
      Http2Downstream handler = super.build();
      frames.attach(handler);
      return handler;
    }

    @Override
    protected Http2Downstream build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Downstream(decoder, encoder, settings, downstreams);
    }
  }
}
