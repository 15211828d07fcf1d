package io.llmproxy.bench.e2e;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Speaks HTTP/2 by prior knowledge, many streams on one connection.
final class Http2Caller implements Caller {

  private static final int PATIENCE_SECONDS = 30;

  /// Less than half of the connection's 64 KiB: a stream that is not read must not hold up others.
  private static final int STREAM_WINDOW_BYTES = 16 << 10;

  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("caller", true), NioIoHandler.newFactory());

  private final Channel connection;
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

  Http2Caller(InetSocketAddress to) throws IOException {
    ChannelFuture connected =
        new Bootstrap()
            .group(LOOPS)
            .channel(NioSocketChannel.class)
            .handler(new Connection())
            .connect(to)
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      throw new IOException("no connection to " + to, connected.cause());
    }
    connection = connected.channel();
    connection.closeFuture().addListener(_ -> closed.complete(true));
  }

  private static final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      Http2FrameCodecBuilder codec =
          Http2FrameCodecBuilder.forClient()
              .encoderIgnoreMaxHeaderListSize(true)
              .validateHeaders(false)
              .initialSettings(
                  Http2Settings.defaultSettings()
                      .pushEnabled(false)
                      .initialWindowSize(STREAM_WINDOW_BYTES));
      channel
          .pipeline()
          .addLast(
              codec.build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
              new Rest());
    }
  }

  /// Drops the frames of the connection itself.
  private static final class Rest extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      ReferenceCountUtil.release(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /// A stream that is open, and what has arrived on it.
  static final class Open extends ChannelInboundHandlerAdapter {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicLong received = new AtomicLong();
    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final CompletableFuture<Ending> end = new CompletableFuture<>();
    private final boolean kept;
    private volatile long resetCode = -1;

    Open(boolean kept) {
      this.kept = kept;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
      switch (message) {
        case Http2HeadersFrame headers -> {
          head.complete(headers.headers());
          whole(headers.isEndStream());
        }
        case Http2DataFrame data -> {
          received.addAndGet(data.content().readableBytes());
          if (kept) {
            data.content()
                .getBytes(data.content().readerIndex(), body, data.content().readableBytes());
          }
          whole(data.isEndStream());
        }
        case Http2ResetFrame reset -> wasReset(reset);
        default -> {}
      }
      ReferenceCountUtil.release(message);
    }

    private void whole(boolean ended) {
      if (ended) {
        end.complete(Ending.WHOLE);
      }
    }

    private void wasReset(Http2ResetFrame reset) {
      resetCode = reset.errorCode();
      end.complete(Ending.RESET);
      head.completeExceptionally(new IOException("reset " + reset.errorCode()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        wasReset(reset);
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      end.complete(Ending.CUT);
      head.completeExceptionally(new IOException("closed before a head"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // A write on a stream that was reset: the reset is told by itself.
    }

    /// Bytes of body received so far.
    long received() {
      return received.get();
    }

    /// The body received so far.
    String textSoFar() {
      return body.toString(StandardCharsets.UTF_8);
    }

    /// The code of RST_STREAM; -1 where none came.
    long resetCode() {
      return resetCode;
    }

    Http2Headers head() throws IOException, InterruptedException {
      return await(head);
    }

    /// Waits for the end.
    Answer answer() throws IOException, InterruptedException {
      Ending ending = await(end);
      Http2Headers headers = await(head);
      Map<String, String> fields = new LinkedHashMap<>();
      for (Map.Entry<CharSequence, CharSequence> field : headers) {
        fields.merge(field.getKey().toString(), field.getValue().toString(), (a, b) -> a + "," + b);
      }
      int status = Integer.parseInt(headers.status().toString());
      return new Answer(status, fields, body.toByteArray(), ending);
    }
  }

  /// A stream and its channel.
  record Stream(Http2StreamChannel channel, Open open) {
    void reset() {
      channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).awaitUninterruptibly();
      channel.close().awaitUninterruptibly();
    }

    /// Sends more of the body.
    void write(byte[] part, boolean last) {
      channel.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(part), last));
    }

    /// Reads, or stops to: then flow control holds the sender back.
    void reading(boolean on) {
      channel.config().setAutoRead(on);
    }
  }

  @Override
  public Answer send(Ask ask) throws IOException, InterruptedException {
    return open(ask, true).open().answer();
  }

  /// Opens a stream and sends a request; of its body nothing where `whole` is not set.
  Stream open(Ask ask, boolean whole) throws IOException, InterruptedException {
    return open(ask, whole, new Open(true));
  }

  /// Likewise; what arrives goes to `open`.
  Stream open(Ask ask, boolean whole, Open open) throws IOException, InterruptedException {
    Http2StreamChannel channel =
        await(new Http2StreamChannelBootstrap(connection).handler(open).open());
    Stream stream = new Stream(channel, open);
    byte[] body = ask.body();
    boolean bodiless = body.length == 0;
    channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers(ask), bodiless));
    if (whole && !bodiless) {
      stream.write(body, true);
    }
    return stream;
  }

  private static Http2Headers headers(Ask ask) {
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method(ask.method())
            .scheme("http")
            .authority("proxy")
            .path(ask.path());
    List<String> fields = ask.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      headers.add(fields.get(i), fields.get(i + 1));
    }
    if (ask.announced() && ask.body().length > 0) {
      headers.add("content-length", Integer.toString(ask.body().length));
    }
    return headers;
  }

  private static <T> T await(Future<T> future) throws IOException {
    if (!future.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) || !future.isSuccess()) {
      throw new IOException("no stream", future.cause());
    }
    return future.getNow();
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no reply", e);
    }
  }

  /// Whether the other side has closed the connection.
  boolean isClosed() {
    return closed.isDone();
  }

  @Override
  public void close() {
    connection.close().awaitUninterruptibly();
  }
}
