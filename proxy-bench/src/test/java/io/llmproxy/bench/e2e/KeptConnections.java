package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Connections that ask once, for a stream, and then stay as they are: thousands of them without a
/// thread or a buffer of their own.
final class KeptConnections implements AutoCloseable {

  private static final int AT_ONCE = 50;
  private static final long PATIENCE_SECONDS = 30;
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("kept", true), NioIoHandler.newFactory());

  private final Bootstrap bootstrap;
  private final boolean http2;
  private final ByteBuf request;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final AtomicInteger answered = new AtomicInteger();
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /// @param tls that offers the one protocol which is spoken; null for clear text
  KeptConnections(InetSocketAddress to, boolean http2, @Nullable SslContext tls, Ask ask) {
    this.http2 = http2;
    request = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(http2 ? frames(ask) : text(ask)));
    bootstrap =
        new Bootstrap()
            .group(LOOPS)
            .channel(NioSocketChannel.class)
            .remoteAddress(to)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(new Asking());
                  }
                });
  }

  private static byte[] text(Ask ask) {
    return (Http1Caller.head(ask) + new String(ask.body(), UTF_8)).getBytes(UTF_8);
  }

  private static byte[] frames(Ask ask) {
    return Http2Bytes.begin().post(1, ask.path(), ask.body()).bytes();
  }

  /// Opens so many more, and waits until each has its answer.
  void open(int count) throws InterruptedException {
    int before = answered.get();
    for (int i = 0; i < count; i++) {
      take(1);
      bootstrap
          .connect()
          .addListener(connected -> {
            if (!connected.isSuccess()) {
              places.release();
            }
          });
    }
    take(AT_ONCE);
    places.release(AT_ONCE);
    if (answered.get() - before != count) {
      throw new AssertionError("answered: %d of %d".formatted(answered.get() - before, count));
    }
  }

  private void take(int permits) throws InterruptedException {
    if (!places.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s");
    }
  }

  /// How many are open still.
  int size() {
    return open.size();
  }

  @Override
  public void close() {
    open.close().awaitUninterruptibly();
  }

  /// One connection.
  private final class Asking extends ByteToMessageDecoder {
    private boolean isAnswered;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      open.add(ctx.channel());
      ctx.writeAndFlush(request.duplicate());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (http2) {
        readFrames(ctx, in);
      } else if (endsWithLastChunk(in)) {
        in.skipBytes(in.readableBytes());
        wasAnswered();
      }
    }

    private void readFrames(ChannelHandlerContext ctx, ByteBuf in) {
      while (in.readableBytes() >= Http2Bytes.HEAD_BYTES) {
        int at = in.readerIndex();
        int bytes = Http2Bytes.HEAD_BYTES + in.getUnsignedMedium(at);
        if (in.readableBytes() < bytes) {
          return;
        }
        int type = in.getByte(at + 3);
        int flags = in.getByte(at + 4);
        in.skipBytes(bytes);
        if (type == Http2Bytes.SETTINGS && flags == 0) {
          ctx.writeAndFlush(Unpooled.wrappedBuffer(Http2Bytes.settingsHeard()));
        } else if (type <= Http2Bytes.HEADERS && (flags & Http2Bytes.END_STREAM) != 0) {
          wasAnswered();
        }
      }
    }

    private static boolean endsWithLastChunk(ByteBuf in) {
      int from = in.writerIndex() - 7;
      return from >= in.readerIndex() && in.toString(from, 7, UTF_8).equals("\r\n0\r\n\r\n");
    }

    private void wasAnswered() {
      if (!isAnswered) {
        isAnswered = true;
        answered.incrementAndGet();
        places.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!isAnswered) {
        isAnswered = true;
        places.release();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
