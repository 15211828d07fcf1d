package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.FlushTurn;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
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
import org.jspecify.annotations.Nullable;

/// A connection to a provider that speaks HTTP/2 and carries many attempts, each the property of
/// its stream (RFC 9113). [Http2ReplyFrames] reads what comes back on it.
final class Http2Upstream extends Http2ConnectionHandler
    implements UpstreamConnection, FlushTurn.Connection {

  private static final String NOT_WHOLE = "closed the connection before its reply was whole";
  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;

  private final UpstreamPool pool;
  private final Http2Connection.PropertyKey attemptKey;
  private final Http2ReplyFrames frames;
  private @Nullable ChannelHandlerContext ctx;
  private final ResetRate resets = new ResetRate();
  private final Liveness liveness = new Liveness(System.nanoTime());
  private final Age age = new Age(System.nanoTime());
  private long maxStreams;
  private boolean leaving;
  private boolean silent;
  private boolean flushDue;
  private long idleSinceNanos = System.nanoTime();

  Http2Upstream(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      UpstreamPool pool,
      Http2ReplyFrames frames) {
    super(decoder, encoder, settings);
    this.pool = pool;
    this.frames = frames;
    this.maxStreams = pool.streamsAtFirst();
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

  boolean isOld(long nowNanos) {
    return age.isOver(nowNanos);
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
    return !leaving && streams() < maxStreams && context().channel().isActive();
  }

  /// How many attempts it carries.
  int streams() {
    return connection().local().numActiveStreams();
  }

  /// Whether three quarters of the streams that the peer allows are taken.
  boolean isCrowded() {
    return streams() * 4L >= maxStreams * 3;
  }

  /// Whether the peer takes no byte more on this connection for now (RFC 9113 section 5.2).
  boolean isBlocked() {
    return connection().remote().flowController().windowSize(connection().connectionStream()) <= 0;
  }

  @Override
  public void send(Attempt attempt) {
    ChannelHandlerContext ctx = context();
    if (isIdle()) {
      askIfSilent(ctx);
    }
    attempt.connection = this;
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      leave();
      attempt.connection = null;
      pool.resend(attempt);
      return;
    }
    Http2Headers head = Http2Heads.request(pool.upstream(), attempt.request);
    encoder().writeHeaders(ctx, id, head, 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      again(attempt, "took no further stream");
      return;
    }
    attempt.stream = stream;
    stream.setProperty(attemptKey, attempt);
    attempt
        .request
        .body()
        .emit(part -> encoder().writeData(ctx, id, part, 0, false, ctx.newPromise()));
    ChannelPromise last = ctx.newPromise();
    last.addListener(attempt);
    encoder().writeData(ctx, id, Unpooled.EMPTY_BUFFER, 0, true, last);
    flushSoon();
  }

  /// A connection that carried nothing for a while may be dead: a PING goes before the request.
  private void askIfSilent(ChannelHandlerContext ctx) {
    if (liveness.look(System.nanoTime(), true) == Liveness.Verdict.TO_BE_ASKED) {
      ping(ctx);
    }
  }

  private void ping(ChannelHandlerContext ctx) {
    encoder().writePing(ctx, false, 0, ctx.newPromise());
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

  @Override
  public void cancel(Attempt attempt) {
    Http2Stream stream = attempt.stream;
    if (stream == null) {
      return;
    }
    detach(attempt, stream);
    returnWindow(attempt, stream);
    reset(stream);
    if (!leaving && resets.isSpentBy(System.nanoTime())) {
      leave();
    }
  }

  private void reset(Http2Stream stream) {
    resetStream(context(), stream.id(), Http2Error.CANCEL.code(), context().newPromise());
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

  /// Looks whether the peer is there. One that is not is given up, with all it carries.
  void watch(long nowNanos) {
    switch (liveness.look(nowNanos, !isIdle())) {
      case PRESENT -> {}
      case TO_BE_ASKED -> ping(context());
      case GONE -> giveUp();
    }
  }

  private void giveUp() {
    leaving = true;
    silent = true;
    pool.leaving(this);
    connection().close(context().voidPromise());
    context().close();
  }

  /// Takes no new stream and closes when the last one is over.
  void leave() {
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
    liveness.heard();
    frames.endBatch();
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    leaving = true;
    super.channelInactive(ctx);
    pool.disconnected(this);
  }

  /// A write failed, as after a reset by the peer: what it said before is still to be read.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == ChannelOutputShutdownEvent.INSTANCE) {
      leave();
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2Exception) {
    // Netty would close at once; reading on comes to the connection's end by itself.
    if (!outbound || http2Exception != null) {
      super.onConnectionError(ctx, outbound, cause, http2Exception);
    }
  }

  private void again(Attempt attempt, String why) {
    if (!pool.resend(attempt)) {
      cut(attempt, why);
    }
  }

  private void cut(Attempt attempt, String why) {
    tell(attempt, FailureKind.UPSTREAM_CUT, why);
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

  @Nullable Attempt attempt(int streamId) {
    Http2Stream stream = connection().stream(streamId);
    return stream == null ? null : stream.getProperty(attemptKey);
  }

  void onSettings(Http2Settings settings) {
    Long told = settings.maxConcurrentStreams();
    if (told != null) {
      maxStreams = told;
      pool.allowed(told);
    }
    pool.roomAgain();
  }

  /// The attempt's reply came to nothing that could be read.
  void malformed(Attempt attempt, String what) {
    attempt.over = true;
    cancel(attempt);
    tell(attempt, FailureKind.UPSTREAM_MALFORMED, what);
  }

  void finish(Attempt attempt) {
    attempt.over = true;
    Http2Stream stream = attempt.stream;
    if (stream != null) {
      detach(attempt, stream);
      if (stream.state().localSideOpen()) {
        // Answered before all of the request was sent: the rest would hold the stream's place.
        reset(stream);
      }
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
      again(attempt, "refused the stream");
    } else {
      cut(attempt, "reset the stream before its reply was whole");
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
          again(attempt, "is closing its connection");
        } else {
          cut(attempt, silent ? "has fallen silent: a PING had no answer" : NOT_WHOLE);
        }
      }
      closeWhenDone();
      pool.roomAgainSoon();
    }
  }
}
