package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.FlushTurn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
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
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to a provider that speaks HTTP/2 and carries many attempts, each the property of
/// its stream (RFC 9113).
final class Http2Upstream extends Http2ConnectionHandler
    implements UpstreamConnection, FlushTurn.Connection {

  private static final AsciiString POST = AsciiString.cached("POST");
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final int STREAMS_UNTIL_TOLD = 100;
  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;

  private final UpstreamPool pool;
  private final Http2Connection.PropertyKey attemptKey;
  private final List<Attempt> touched = new ArrayList<>();
  private @Nullable ChannelHandlerContext ctx;
  private final ResetRate resets = new ResetRate();
  private long maxStreams = STREAMS_UNTIL_TOLD;
  private boolean leaving;
  private boolean flushDue;
  private long idleSinceNanos = System.nanoTime();

  Http2Upstream(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      UpstreamPool pool) {
    super(decoder, encoder, settings);
    this.pool = pool;
    this.attemptKey = encoder.connection().newKey();
    encoder.connection().addListener(new StreamEnd());
  }

  static Http2Upstream create(UpstreamPool pool) {
    return new Http2UpstreamBuilder(pool).build();
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  boolean isIdle() {
    return connection().numActiveStreams() == 0;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    this.ctx = ctx;
    super.handlerAdded(ctx);
    if (ctx.channel().isActive()) {
      grantWindow();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    grantWindow();
    flush(ctx);
  }

  private void grantWindow() throws Http2Exception {
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW_BYTES);
  }

  @Override
  public boolean hasRoom() {
    return !leaving
        && connection().local().numActiveStreams() < maxStreams
        && context().channel().isActive();
  }

  @Override
  public void send(Attempt attempt) {
    ChannelHandlerContext ctx = context();
    attempt.connection = this;
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      leave();
      attempt.connection = null;
      pool.resend(attempt);
      return;
    }
    encoder().writeHeaders(ctx, id, headers(attempt.request), 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      again(attempt, FailureKind.UPSTREAM_CUT, "took no further stream");
      return;
    }
    attempt.stream = stream;
    stream.setProperty(attemptKey, attempt);
    attempt
        .request
        .body()
        .emit(part -> encoder().writeData(ctx, id, part, 0, false, ctx.newPromise()));
    ChannelPromise last = ctx.newPromise();
    encoder().writeData(ctx, id, Unpooled.EMPTY_BUFFER, 0, true, last);
    flushSoon();
  }

  @Override
  public void flushNow() {
    flushDue = false;
    flush(context());
  }

  private void flushSoon() {
    if (!flushDue) {
      flushDue = true;
      pool.flushTurn().add(this);
    }
  }

  private Http2Headers headers(UpstreamRequest request) {
    List<AsciiString> fields = request.fields();
    AsciiString[] pairs = fields.toArray(new AsciiString[fields.size() + 2]);
    pairs[fields.size()] = CONTENT_LENGTH;
    pairs[fields.size() + 1] = AsciiString.of(Long.toString(request.body().length()));
    Upstream upstream = pool.upstream();
    return ReadOnlyHttp2Headers.clientHeaders(
        false, POST, request.path(), upstream.tls() ? HTTPS : HTTP, upstream.authority(), pairs);
  }

  @Override
  public void cancel(Attempt attempt) {
    Http2Stream stream = attempt.stream;
    if (stream == null) {
      return;
    }
    detach(attempt, stream);
    ChannelHandlerContext ctx = context();
    returnWindow(attempt, stream);
    resetStream(ctx, stream.id(), Http2Error.CANCEL.code(), ctx.newPromise());
    if (!leaving && resets.isSpentBy(System.nanoTime())) {
      leave();
    }
    flushSoon();
  }

  @Override
  public void pause(Attempt attempt) {
    // From now on the window is not granted anew: the provider stops when it is spent.
  }

  @Override
  public void resume(Attempt attempt) {
    Http2Stream stream = attempt.stream;
    if (stream != null) {
      returnWindow(attempt, stream);
      flushSoon();
    }
  }

  private void returnWindow(Attempt attempt, Http2Stream stream) {
    int bytes = attempt.unconsumedBytes;
    attempt.unconsumedBytes = 0;
    if (bytes > 0) {
      try {
        connection().local().flowController().consumeBytes(stream, bytes);
      } catch (Http2Exception e) {
        onError(context(), true, e);
      }
    }
  }

  @Override
  public void retire() {
    leaving = true;
    context().close();
  }

  /// Takes no new stream and closes when the last one is over.
  private void leave() {
    leaving = true;
    pool.leaving(this);
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (leaving && isIdle() && context().channel().isActive()) {
      context().executor().execute(context()::close);
    }
  }

  private void detach(Attempt attempt, Http2Stream stream) {
    stream.removeProperty(attemptKey);
    attempt.stream = null;
    attempt.connection = null;
    idleSinceNanos = System.nanoTime();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    for (int i = 0; i < touched.size(); i++) {
      Attempt attempt = touched.get(i);
      attempt.touched = false;
      attempt.listener.onBatchEnd();
    }
    touched.clear();
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    leaving = true;
    super.channelInactive(ctx);
    pool.disconnected(this);
  }

  private void touch(Attempt attempt) {
    if (!attempt.touched) {
      attempt.touched = true;
      touched.add(attempt);
    }
  }

  private void again(Attempt attempt, FailureKind kind, String what) {
    if (!pool.resend(attempt)) {
      tell(attempt, kind, what);
    }
  }

  private void tell(Attempt attempt, FailureKind kind, String what) {
    attempt.over = true;
    attempt.listener.onFailure(
        new Failure(kind, "provider " + pool.upstream().name() + " " + what));
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  /// Frames of a stream that was reset may still be on their way and mean nothing (RFC 9113 section
  /// 5.1). Netty answers each with one more RST_STREAM, which servers take for an attack.
  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException error) {
    if (error.error() != Http2Error.STREAM_CLOSED
        || connection().stream(error.streamId()) != null) {
      super.onStreamError(ctx, outbound, cause, error);
    }
  }

  private @Nullable Attempt attempt(int streamId) {
    Http2Stream stream = connection().stream(streamId);
    return stream == null ? null : stream.getProperty(attemptKey);
  }

  void onSettings(Http2Settings settings) {
    Long told = settings.maxConcurrentStreams();
    maxStreams = told == null ? maxStreams : told;
    pool.roomAgain();
  }

  void onGoAway() {
    leave();
  }

  void onHeaders(int streamId, Http2Headers headers, boolean last) {
    Attempt attempt = attempt(streamId);
    if (attempt == null) {
      return;
    }
    if (!attempt.replied && !readHead(attempt, headers)) {
      return;
    }
    if (last) {
      finish(attempt);
    }
  }

  /// Returns false where the head was an interim one or malformed.
  private boolean readHead(Attempt attempt, Http2Headers headers) {
    UpstreamHead head = Http2Heads.reply(headers);
    if (head == null) {
      attempt.over = true;
      cancel(attempt);
      attempt.listener.onFailure(
          new Failure(
              FailureKind.UPSTREAM_MALFORMED,
              "provider " + pool.upstream().name() + " sent a reply without a status"));
      return false;
    }
    if (head.status() < 200) {
      return false;
    }
    attempt.replied = true;
    touch(attempt);
    attempt.listener.onHead(head);
    return true;
  }

  /// Returns how many bytes of flow control to give back at once.
  int onData(int streamId, ByteBuf data, int padding, boolean last) {
    int bytes = data.readableBytes() + padding;
    Attempt attempt = attempt(streamId);
    if (attempt == null || !attempt.replied) {
      return bytes;
    }
    touch(attempt);
    if (data.isReadable()) {
      attempt.listener.onPart(data.retainedSlice(), false);
    }
    if (last && !attempt.over) {
      finish(attempt);
    }
    if (attempt.paused && !attempt.over) {
      attempt.unconsumedBytes += bytes;
      return 0;
    }
    return bytes;
  }

  private void finish(Attempt attempt) {
    attempt.over = true;
    Http2Stream stream = attempt.stream;
    if (stream != null) {
      detach(attempt, stream);
    }
    attempt.listener.onEnd();
  }

  void onReset(int streamId, long errorCode) {
    Attempt attempt = attempt(streamId);
    if (attempt == null || attempt.stream == null) {
      return;
    }
    detach(attempt, attempt.stream);
    if (errorCode == Http2Error.REFUSED_STREAM.code()) {
      again(attempt, FailureKind.UPSTREAM_CUT, "refused the stream");
    } else {
      tell(attempt, FailureKind.UPSTREAM_CUT, "reset the stream before its reply was whole");
    }
  }

  /// Ends attempts whose stream is closed without a word: the connection was lost, or a GOAWAY left
  /// the stream out (RFC 9113 section 6.8).
  private final class StreamEnd extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Attempt attempt = stream.getProperty(attemptKey);
      if (attempt != null) {
        detach(attempt, stream);
        boolean unseen =
            connection().goAwayReceived()
                && stream.id() > connection().local().lastStreamKnownByPeer();
        if (unseen) {
          again(attempt, FailureKind.UPSTREAM_CUT, "is closing its connection");
        } else {
          tell(
              attempt,
              FailureKind.UPSTREAM_CUT,
              "closed the connection before its reply was whole");
        }
      }
      closeWhenDone();
      pool.roomAgainSoon();
    }
  }
}
