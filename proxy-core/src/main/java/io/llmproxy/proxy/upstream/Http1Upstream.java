package io.llmproxy.proxy.upstream;

import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.Http1Head;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A connection to a provider that speaks HTTP/1.1: one attempt at a time, kept alive between them
/// (RFC 9112).
final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamConnection {

  private static final int MOST_HEAD_BYTES = 64 << 10;
  private static final int COPIED_BODY_BYTES = 8 << 10;
  private static final AsciiString POST = AsciiString.cached("POST ");
  private static final AsciiString VERSION_HOST = AsciiString.cached(" HTTP/1.1\r\nhost: ");
  private static final AsciiString LENGTH = AsciiString.cached("\r\ncontent-length: ");
  private static final AsciiString CRLF = AsciiString.cached("\r\n");
  private static final AsciiString COLON = AsciiString.cached(": ");

  private final UpstreamPool pool;
  private final Http1ReplyReader reader = new Http1ReplyReader();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Attempt attempt;
  private @Nullable ByteBuf partialHead;
  private boolean retired;

  /// Whether any byte has come since the request was sent.
  private boolean heard;

  private long served;
  private long idleSinceNanos;
  private final Age age;

  Http1Upstream(UpstreamPool pool) {
    this.pool = pool;
    this.age = new Age(System.nanoTime());
  }

  boolean isOld(long nowNanos) {
    return age.isOver(nowNanos);
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    idleSinceNanos = System.nanoTime();
  }

  @Override
  public boolean hasRoom() {
    return attempt == null && !retired && context().channel().isActive();
  }

  @Override
  public void send(Attempt next) {
    attempt = next;
    next.connection = this;
    heard = false;
    reader.begin();
    ChannelHandlerContext ctx = context();
    UpstreamBody body = next.request.body();
    ByteBuf head = head(ctx, next.request, body.length());
    if (body.length() <= COPIED_BODY_BYTES) {
      body.emit(part -> {
        head.writeBytes(part);
        part.release();
      });
      ctx.writeAndFlush(head, ctx.voidPromise());
    } else {
      ctx.write(head, ctx.voidPromise());
      body.emit(part -> ctx.write(part, ctx.voidPromise()));
      ctx.flush();
    }
    if (next.paused) {
      pause(next);
    }
  }

  private ByteBuf head(ChannelHandlerContext ctx, UpstreamRequest request, long bodyBytes) {
    int copied = bodyBytes <= COPIED_BODY_BYTES ? (int) bodyBytes : 0;
    ByteBuf head = ctx.alloc().directBuffer(768 + copied);
    write(head, POST);
    write(head, request.path());
    write(head, VERSION_HOST);
    write(head, pool.upstream().authority());
    List<AsciiString> fields = request.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      write(head, CRLF);
      write(head, fields.get(i));
      write(head, COLON);
      write(head, fields.get(i + 1));
    }
    write(head, LENGTH);
    head.writeCharSequence(Long.toString(bodyBytes), StandardCharsets.US_ASCII);
    write(head, CRLF);
    write(head, CRLF);
    return head;
  }

  private static void write(ByteBuf buf, AsciiString text) {
    ByteBufUtil.copy(text, buf);
  }

  /// All that is ever written here is the one request: it is gone when nothing waits to be sent,
  /// TLS included. Asking costs less than a promise per request.
  @Override
  public boolean hasWritten(Attempt asked) {
    return attempt == asked && isDrained();
  }

  private boolean isDrained() {
    ChannelOutboundBuffer unsent = context().channel().unsafe().outboundBuffer();
    return unsent != null && unsent.totalPendingWriteBytes() == 0;
  }

  @Override
  public void cancel(Attempt cancelled) {
    if (attempt == cancelled) {
      attempt = null;
      close();
    }
  }

  @Override
  public void pause(Attempt paused) {
    if (attempt == paused) {
      context().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void resume(Attempt resumed) {
    if (attempt == resumed) {
      context().channel().config().setAutoRead(true);
    }
  }

  @Override
  public void retire() {
    retired = true;
    if (attempt == null) {
      close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (attempt == null) {
      // Bytes nobody asked for: what follows on this connection could not be told apart.
      in.release();
      close();
      return;
    }
    heard = true;
    if (!reader.isInBody()) {
      readHead(in);
    } else {
      readBody(in);
    }
  }

  private void readHead(ByteBuf in) {
    ByteBuf head = in;
    int from = in.readerIndex();
    if (partialHead != null) {
      from = Math.max(0, partialHead.writerIndex() - 3);
      head = partialHead.writeBytes(in);
      in.release();
      partialHead = null;
    }
    int end = Http1Head.end(head, from);
    if (end < 0) {
      keepPartial(head);
      return;
    }
    UpstreamHead parsed = reader.head(head, end);
    Attempt current = attempt;
    if (parsed == null || current == null) {
      head.release();
      fail(FailureKind.UPSTREAM_MALFORMED, "sent a reply that is not HTTP/1.1");
      return;
    }
    head.readerIndex(end);
    if (parsed.status() < 200) {
      again(head);
      return;
    }
    current.replied = true;
    current.listener.onHead(parsed);
    readBody(head);
  }

  /// An interim reply (RFC 9110 section 15.2) was skipped; the final one may be in the same buffer.
  private void again(ByteBuf in) {
    if (in.isReadable()) {
      readHead(in);
    } else {
      in.release();
    }
  }

  private void keepPartial(ByteBuf head) {
    if (head.readableBytes() > MOST_HEAD_BYTES) {
      head.release();
      fail(FailureKind.UPSTREAM_MALFORMED, "sent a reply head larger than 64 KiB");
      return;
    }
    partialHead =
        context().alloc().buffer(Math.max(1024, head.readableBytes() * 2)).writeBytes(head);
    head.release();
  }

  private void readBody(ByteBuf in) {
    Attempt current = attempt;
    if (current == null) {
      in.release();
      return;
    }
    if (!reader.body(in)) {
      in.release();
      fail(FailureKind.UPSTREAM_MALFORMED, "sent a malformed chunk");
      return;
    }
    boolean surplus = reader.hasSurplus();
    boolean exclusive = in.refCnt() == 1;
    if (in.isReadable()) {
      current.listener.onPart(in, exclusive);
    } else {
      in.release();
    }
    if (reader.isDone() && attempt == current) {
      finish(current, surplus);
    }
  }

  private void finish(Attempt current, boolean surplus) {
    attempt = null;
    current.over = true;
    current.connection = null;
    served++;
    idleSinceNanos = System.nanoTime();
    ChannelHandlerContext ctx = context();
    if (!ctx.channel().config().isAutoRead()) {
      ctx.channel().config().setAutoRead(true);
    }
    current.written = isDrained();
    // A provider may answer before it has read all of the request: what is left would follow.
    boolean reusable =
        reader.isKeptAlive() && !surplus && !retired && current.written && !isOld(idleSinceNanos);
    current.listener.onEnd();
    current.listener.onBatchEnd();
    if (reusable) {
      pool.released(this);
    } else {
      close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (attempt != null && attempt.replied) {
      attempt.listener.onBatchEnd();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    retired = true;
    releasePartial();
    Attempt current = attempt;
    if (current != null) {
      ended(current);
    }
    pool.disconnected(this);
    ctx.fireChannelInactive();
  }

  private void ended(Attempt current) {
    if (reader.endsAtClose()) {
      finish(current, false);
      return;
    }
    attempt = null;
    // Only silence says that the provider may never have seen the request (RFC 9112 section 9.3.1).
    boolean stale = served > 0 && !heard;
    if (stale && pool.resend(current)) {
      return;
    }
    tell(current, FailureKind.UPSTREAM_CUT, "closed the connection before its reply was whole");
  }

  /// A write failed, as after a reset by the peer: what it said before is still to be read.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelOutputShutdownEvent.INSTANCE) {
      retired = true;
      if (attempt == null) {
        close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset by the peer arrives here; channelInactive follows and tells the attempt. Of a write
    // that failed the reading end hears by itself.
    if (!(cause instanceof ChannelOutputShutdownException)) {
      ctx.close();
    }
  }

  private void fail(FailureKind kind, String what) {
    Attempt current = attempt;
    attempt = null;
    close();
    if (current != null) {
      tell(current, kind, what);
    }
  }

  private void tell(Attempt current, FailureKind kind, String what) {
    current.over = true;
    current.connection = null;
    current.listener.onFailure(
        new Failure(kind, "provider " + pool.upstream().name() + " " + what));
  }

  private void close() {
    retired = true;
    releasePartial();
    context().close();
  }

  private void releasePartial() {
    if (partialHead != null) {
      partialHead.release();
      partialHead = null;
    }
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }
}
