package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection that speaks HTTP/2 and carries many requests, each the property of its stream (RFC
/// 9113). Takes requests once the peer's SETTINGS have come.
final class Http2Link extends Http2ConnectionHandler implements Link {

  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;
  private static final int STREAMS_AT_FIRST = 100;

  /// Of silence, while replies are awaited: then a PING; after as much again the connection is
  /// lost.
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int LOOK_SECONDS = 1;

  private final Pool pool;
  private final Http2Connection.PropertyKey sendingKey;
  private @Nullable ChannelHandlerContext ctx;
  private long maxStreams = STREAMS_AT_FIRST;
  private long heardNanos = System.nanoTime();
  private boolean asked;
  private boolean settled;
  private boolean leaving;
  private boolean flushDue;

  Http2Link(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Pool pool) {
    super(decoder, encoder, settings);
    this.pool = pool;
    this.sendingKey = encoder.connection().newKey();
    encoder.connection().addListener(new StreamEnd());
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    this.ctx = ctx;
    super.handlerAdded(ctx);
    if (ctx.channel().isActive()) {
      begin(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    begin(ctx);
  }

  private void begin(ChannelHandlerContext ctx) throws Http2Exception {
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW_BYTES);
    flush(ctx);
    ctx.executor().schedule(this::watch, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /// Looks whether the peer is still there.
  private void watch() {
    ChannelHandlerContext ctx = context();
    if (!ctx.channel().isActive()) {
      return;
    }
    long silence = System.nanoTime() - heardNanos;
    if (load() > 0 && silence >= SILENCE_NANOS) {
      if (silence >= 2 * SILENCE_NANOS) {
        ctx.close();
        return;
      }
      if (!asked) {
        asked = true;
        encoder().writePing(ctx, false, 0, ctx.newPromise());
        flush(ctx);
      }
    }
    ctx.executor().schedule(this::watch, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_2;
  }

  @Override
  public boolean hasRoom() {
    return settled && !leaving && load() < maxStreams && context().channel().isActive();
  }

  @Override
  public int load() {
    return connection().local().numActiveStreams();
  }

  @Override
  public void send(Sending sending) {
    ChannelHandlerContext ctx = context();
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      leave();
      sending.lost("the connection has no further streams", true);
      return;
    }
    boolean empty = !sending.body.isReadable();
    encoder().writeHeaders(ctx, id, head(sending), 0, empty, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      sending.lost("the endpoint took no further stream", true);
      return;
    }
    sending.link = this;
    sending.stream = stream;
    stream.setProperty(sendingKey, sending);
    if (!empty) {
      ByteBuf body = sending.body.retainedDuplicate();
      encoder().writeData(ctx, id, body, 0, true, ctx.newPromise());
    }
    flushSoon();
  }

  private Http2Headers head(Sending sending) {
    Http2Headers head =
        new DefaultHttp2Headers(false)
            .method(sending.method)
            .path(sending.path)
            .scheme(pool.endpoint().base().getScheme())
            .authority(pool.endpoint().authority());
    List<String> fields = sending.fields;
    for (int i = 0; i < fields.size(); i += 2) {
      head.add(fields.get(i), fields.get(i + 1));
    }
    return head;
  }

  /// One flush for all that one turn of the loop writes.
  private void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      context()
          .executor()
          .execute(() -> {
            flushDue = false;
            flush(context());
          });
    }
  }

  @Override
  public void cancel(Sending sending) {
    Http2Stream stream = sending.stream;
    sending.over = true;
    if (stream != null) {
      detach(sending, stream);
      reset(stream);
    }
  }

  private void reset(Http2Stream stream) {
    ChannelHandlerContext ctx = context();
    resetStream(ctx, stream.id(), Http2Error.CANCEL.code(), ctx.newPromise());
    flushSoon();
  }

  @Override
  public void pause(Sending sending) {
    // From now on the window is not granted anew: the peer stops when it is spent.
    sending.paused = true;
  }

  @Override
  public void resume(Sending sending) {
    sending.paused = false;
    Http2Stream stream = sending.stream;
    if (stream != null) {
      returnWindow(sending, stream);
      flushSoon();
    }
  }

  private void returnWindow(Sending sending, Http2Stream stream) {
    int bytes = sending.unconsumedBytes;
    sending.unconsumedBytes = 0;
    if (bytes > 0) {
      try {
        connection().local().flowController().consumeBytes(stream, bytes);
      } catch (Http2Exception e) {
        onError(context(), true, e);
      }
    }
  }

  @Override
  public void close() {
    leaving = true;
    context().close();
  }

  /// Takes no new request, and closes when the last one is over.
  void leave() {
    leaving = true;
    pool.leaving(this);
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (leaving && load() == 0) {
      context().executor().execute(context()::close);
    }
  }

  private void detach(Sending sending, Http2Stream stream) {
    returnWindow(sending, stream);
    stream.removeProperty(sendingKey);
    sending.stream = null;
    sending.link = null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    heardNanos = System.nanoTime();
    asked = false;
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    boolean abrupt = !leaving && load() > 0;
    leaving = true;
    // First, so that what was lost here is not sent there again.
    pool.closed(this, abrupt);
    super.channelInactive(ctx);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2Exception) {
    if (!settled && http2Exception != null) {
      // It answered, but not with the SETTINGS that HTTP/2 begins with.
      pool.speaksHttp1(this);
    }
    super.onConnectionError(ctx, outbound, cause, http2Exception);
  }

  /// Frames of a stream that was reset may still be on their way and mean nothing (RFC 9113 section
  /// 5.1); answering each by one more RST_STREAM looks like an attack.
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    if (error.error() != Http2Error.STREAM_CLOSED
        || connection().stream(error.streamId()) != null) {
      super.onStreamError(ctx, outbound, cause, error);
    }
  }

  private @Nullable Sending sending(int streamId) {
    Http2Stream stream = connection().stream(streamId);
    return stream == null ? null : stream.getProperty(sendingKey);
  }

  void onSettings(Http2Settings settings) {
    Long told = settings.maxConcurrentStreams();
    maxStreams = told != null ? told : settled ? maxStreams : Integer.MAX_VALUE;
    if (!settled) {
      settled = true;
      pool.ready(this);
    } else {
      pool.roomAgain();
    }
  }

  void onHeaders(int streamId, Http2Headers headers, boolean last) {
    Sending sending = sending(streamId);
    if (sending == null) {
      return;
    }
    Map<String, String> fields = fields(headers);
    if (!sending.replied) {
      int status = Headers.count(fields.get(":status"), 0);
      if (status < 200) {
        return;
      }
      sending.replied = true;
      sending.listener.onHead(status, fields);
      fields = Map.of();
    }
    if (last && !sending.over) {
      finish(sending, fields);
    }
  }

  private static Map<String, String> fields(Http2Headers headers) {
    Map<String, String> fields = new HashMap<>();
    headers.forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
    return fields;
  }

  /// Gives how many bytes of the stream's window are given back at once.
  int onData(int streamId, ByteBuf data, int padding, boolean last) {
    int bytes = data.readableBytes() + padding;
    Sending sending = sending(streamId);
    if (sending == null || !sending.replied) {
      return bytes;
    }
    if (data.isReadable()) {
      sending.listener.onPart(data.retainedSlice());
    }
    if (last && !sending.over) {
      finish(sending, Map.of());
    }
    if (sending.paused && !sending.over) {
      sending.unconsumedBytes += bytes;
      return 0;
    }
    return bytes;
  }

  private void finish(Sending sending, Map<String, String> trailers) {
    sending.over = true;
    Http2Stream stream = sending.stream;
    if (stream != null) {
      detach(sending, stream);
      if (stream.state().localSideOpen()) {
        // Answered before all of the request was sent: the rest would hold the stream's place.
        reset(stream);
      }
    }
    sending.listener.onEnd(trailers);
  }

  void onReset(int streamId, long errorCode) {
    Sending sending = sending(streamId);
    if (sending != null && sending.stream != null) {
      detach(sending, sending.stream);
      boolean refused = errorCode == Http2Error.REFUSED_STREAM.code();
      sending.lost("the stream was reset before its reply was whole", refused);
    }
  }

  /// Ends requests whose stream is closed without a word: the connection was lost, or a GOAWAY left
  /// the stream out (RFC 9113 section 6.8).
  private final class StreamEnd extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Sending sending = stream.getProperty(sendingKey);
      if (sending != null) {
        detach(sending, stream);
        boolean unseen =
            connection().goAwayReceived()
                && stream.id() > connection().local().lastStreamKnownByPeer();
        sending.lost("the connection was closed before the reply was whole", unseen);
      }
      closeWhenDone();
      pool.roomAgain();
    }
  }
}
