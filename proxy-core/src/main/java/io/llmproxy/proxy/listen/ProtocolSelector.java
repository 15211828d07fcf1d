package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.http.LostConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells HTTP/2 by prior knowledge from HTTP/1.1 by the first bytes of a cleartext connection (RFC
/// 9113 section 3.4), then leaves the pipeline to the one that was found.
final class ProtocolSelector extends ByteToMessageDecoder implements Downstream {

  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LoopDownstreams downstreams;
  private final long since = System.nanoTime();
  private @Nullable ChannelHandlerContext ctx;

  ProtocolSelector(LoopDownstreams downstreams) {
    this.downstreams = downstreams;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
    downstreams.add(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    downstreams.remove(this);
  }

  /// The first request of one that is young may be on its way: it is answered, as that of one that
  /// is opened later is.
  @Override
  public void drain() {
    ChannelHandlerContext own = ctx;
    long young = YOUNG_NANOS - (System.nanoTime() - since);
    if (own == null || young <= 0) {
      close();
    } else {
      own.executor().schedule(() -> closeIfSilent(own), young, TimeUnit.NANOSECONDS);
    }
  }

  private static void closeIfSilent(ChannelHandlerContext own) {
    if (!own.isRemoved()) {
      own.close();
    }
  }

  /// A caller that connects and says nothing does not keep its connection.
  @Override
  public void check(long nowNanos) {
    if (nowNanos - since > SILENCE_NANOS) {
      close();
    }
  }

  @Override
  public void close() {
    if (ctx != null) {
      ctx.close();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    try {
      int count = Math.min(in.readableBytes(), preface.readableBytes());
      boolean http2 = true;
      for (int i = 0; i < count && http2; i++) {
        http2 = in.getByte(in.readerIndex() + i) == preface.getByte(i);
      }
      if (http2 && count < preface.readableBytes()) {
        return;
      }
      install(ctx, downstreams, http2);
      ctx.pipeline().remove(this);
    } finally {
      preface.release();
    }
  }

  static void install(ChannelHandlerContext ctx, LoopDownstreams downstreams, boolean http2) {
    if (http2) {
      ctx.pipeline().addLast("http2", Http2Downstream.create(downstreams));
      ctx.pipeline().addLast("lost", LostConnection.HANDLER);
    } else {
      ctx.pipeline().addLast("http1", new Http1Downstream(downstreams));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
