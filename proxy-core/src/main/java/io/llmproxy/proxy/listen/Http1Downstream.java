package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.exchange.Exchange;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.ChunkReader;
import io.llmproxy.proxy.http.HeaderName;
import io.llmproxy.proxy.http.Http1Head;
import io.llmproxy.proxy.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A caller's connection that speaks HTTP/1.1: bytes to exchanges, one at a time; what a caller
/// sends ahead waits its turn (RFC 9112).
final class Http1Downstream extends ChannelInboundHandlerAdapter implements Downstream {

  private enum At {
    HEAD,
    BODY,
    CHUNKS,
    /// The request is whole, its reply is not.
    REPLY,
    /// The last reply is written; what still comes is thrown away so that the caller can read it.
    DISCARD
  }

  private static final int MOST_AHEAD_BYTES = 64 << 10;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LINGER_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final AsciiString CONTINUE = AsciiString.cached("HTTP/1.1 100 Continue\r\n\r\n");
  private static final AsciiString EXPECTED = AsciiString.cached("100-continue");

  private final LoopDownstreams downstreams;
  private final ChunkReader chunks = new ChunkReader();
  private final Http1ReplyWriter writer = new Http1ReplyWriter(this);
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Http1RequestReader requests;
  private @Nullable Exchange exchange;
  private @Nullable ByteBuf kept;
  private At at = At.HEAD;
  private int scanned;
  private long left;
  private boolean reading;
  private boolean lingering;
  private long endedAt;
  private long quietSince = System.nanoTime();

  Http1Downstream(LoopDownstreams downstreams) {
    this.downstreams = downstreams;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    requests = new Http1RequestReader(Peer.of(ctx.channel()));
    writer.open(ctx);
    downstreams.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    quietSince = System.nanoTime();
    if (at == At.DISCARD) {
      in.release();
      return;
    }
    if (kept != null) {
      in = joined(kept, in);
      kept = null;
    }
    readAll(in);
  }

  private static ByteBuf joined(ByteBuf kept, ByteBuf in) {
    kept.writeBytes(in);
    in.release();
    return kept;
  }

  /// Takes `in` and reads requests from it until it is used up or a reply must come first.
  private void readAll(ByteBuf in) {
    reading = true;
    while (in.isReadable() && at != At.DISCARD && readOne(in)) {
      // each turn reads a head, a piece of a body, or nothing more for now
    }
    reading = false;
    if (in.isReadable() && at != At.DISCARD) {
      keep(in);
    } else {
      in.release();
    }
  }

  /// Returns false where no more can be read for now.
  private boolean readOne(ByteBuf in) {
    return switch (at) {
      case HEAD -> readHead(in);
      case BODY -> readBody(in);
      case CHUNKS -> readChunks(in);
      case REPLY, DISCARD -> false;
    };
  }

  private boolean readHead(ByteBuf in) {
    if (in.getByte(in.readerIndex()) == '\r' || in.getByte(in.readerIndex()) == '\n') {
      // An empty line before a request is to be ignored (RFC 9112 section 2.2).
      in.skipBytes(1);
      return true;
    }
    int end = Http1Head.end(in, in.readerIndex() + Math.max(0, scanned - 3));
    int most = downstreams.limits().maxHeader();
    if (end < 0 && in.readableBytes() <= most) {
      scanned = in.readableBytes();
      return false;
    }
    scanned = 0;
    if (end < 0 || end - in.readerIndex() > most) {
      refuse(new Failure(FailureKind.HEADERS_TOO_LARGE, "head is larger than " + most + " bytes"));
      return false;
    }
    return switch (reader().read(in, end)) {
      case Http1RequestReader.Result.Refused(Failure failure) -> {
        refuse(failure);
        yield false;
      }
      case Http1RequestReader.Result.Read read -> begin(read);
    };
  }

  private boolean begin(Http1RequestReader.Result.Read read) {
    RequestHead head = read.head();
    left = read.bodyBytes();
    at = left == 0 ? At.REPLY : left == Http1RequestReader.CHUNKED ? At.CHUNKS : At.BODY;
    chunks.reset();
    boolean keep = read.keepAlive() && !downstreams.isDraining();
    writer.begin(head.method().contentEquals("HEAD"), keep, read.http11());
    Exchange begun = downstreams.services().begin(head, writer);
    exchange = begun;
    if (at == At.REPLY) {
      begun.bodyEnd();
    } else if (begun.wantsBody() && EXPECTED.contentEqualsIgnoreCase(head.get(HeaderName.EXPECT))) {
      context().writeAndFlush(Unpooled.wrappedBuffer(CONTINUE.array()));
    }
    afterReply();
    return true;
  }

  private boolean readBody(ByteBuf in) {
    int count = (int) Math.min(left, in.readableBytes());
    left -= count;
    give(in.readRetainedSlice(count));
    if (left == 0) {
      bodyEnd();
    }
    return true;
  }

  private boolean readChunks(ByteBuf in) {
    if (!chunks.read(in)) {
      writer.closeAfterReply();
      Exchange current = exchange;
      if (current != null) {
        current.fail(
            new Failure(FailureKind.REQUEST_MALFORMED, "malformed request: chunk of the body"));
      }
      afterReply();
      return false;
    }
    int bytes = chunks.dataEnd() - chunks.dataStart();
    if (bytes > 0) {
      give(in.retainedSlice(chunks.dataStart(), bytes));
    }
    if (chunks.isDone()) {
      bodyEnd();
    }
    return true;
  }

  private void give(ByteBuf part) {
    if (exchange == null) {
      part.release();
    } else {
      exchange.body(part);
      afterReply();
    }
  }

  private void bodyEnd() {
    if (at == At.DISCARD) {
      return;
    }
    at = At.REPLY;
    if (exchange != null) {
      exchange.bodyEnd();
      afterReply();
    }
  }

  /// Whether the request under way has been read whole.
  boolean isRequestWhole() {
    return at == At.REPLY;
  }

  /// The writer has written the end of a reply. What follows depends on where the request is; where
  /// that is still being read, the reading takes it up itself.
  void replyEnded() {
    if (!reading) {
      afterReply();
      ByteBuf ahead = kept;
      if (ahead != null && at == At.HEAD) {
        kept = null;
        readAll(ahead);
      }
    }
  }

  private void afterReply() {
    if (!writer.isEnded() || exchange == null) {
      return;
    }
    exchange = null;
    quietSince = System.nanoTime();
    if (writer.isLast() || at != At.REPLY) {
      end();
    } else {
      at = At.HEAD;
      if (!context().channel().config().isAutoRead()) {
        context().channel().config().setAutoRead(true);
      }
    }
  }

  /// Ends the connection behind what was written. A caller that is still sending would lose the
  /// reply to a reset (RFC 9112 section 9.6), so the rest of what it sends is read and thrown away
  /// first: until it is silent, or has had its time.
  private void end() {
    boolean whole = at == At.REPLY || at == At.HEAD;
    at = At.DISCARD;
    endedAt = System.nanoTime();
    quietSince = endedAt;
    ChannelHandlerContext ctx = context();
    if (whole || !(ctx.channel() instanceof DuplexChannel duplex)) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      lingering = true;
      ctx.channel().config().setAutoRead(true);
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> duplex.shutdownOutput());
    }
  }

  private void refuse(Failure failure) {
    writer.begin(false, false, true);
    at = At.BODY;
    RequestHead unread =
        new RequestHead(
            AsciiString.EMPTY_STRING, AsciiString.EMPTY_STRING, Peer.of(context().channel()));
    exchange = downstreams.services().refuse(unread, writer, failure);
    afterReply();
  }

  private void keep(ByteBuf in) {
    if (in.refCnt() == 1 && !in.isReadOnly() && in.writableBytes() > in.readableBytes()) {
      kept = in;
    } else {
      kept = context().alloc().buffer(Math.max(1024, in.readableBytes() * 2)).writeBytes(in);
      in.release();
    }
    if (at == At.REPLY && kept.readableBytes() > MOST_AHEAD_BYTES) {
      context().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null && ctx.channel().isWritable()) {
      exchange.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    downstreams.remove(this);
    if (kept != null) {
      kept.release();
      kept = null;
    }
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.callerGone();
    }
    writer.close();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset by the caller: channelInactive follows and ends the exchange.
    ctx.close();
  }

  @Override
  public void drain() {
    writer.closeAfterReply();
    if (exchange == null && at == At.HEAD && kept == null) {
      end();
    }
  }

  @Override
  public void close() {
    context().close();
  }

  @Override
  public void check(long nowNanos) {
    if (exchange != null) {
      return;
    }
    long most = lingering ? LINGER_SILENCE_NANOS : kept == null ? IDLE_NANOS : HEAD_NANOS;
    boolean overdue = lingering && nowNanos - endedAt > LINGER_NANOS;
    if (overdue || nowNanos - quietSince > most) {
      context().close();
    }
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  private Http1RequestReader reader() {
    if (requests == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return requests;
  }
}
