package io.llmproxy.bench.simulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a simulated provider over HTTP/2 by prior knowledge, many streams on one connection.
final class Http2Asker implements AutoCloseable {

  /// One answer as it came.
  static final class Answer {
    final StringBuilder body = new StringBuilder(); // read once the end is there
    final CompletableFuture<String> end = new CompletableFuture<>();
    final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    volatile boolean reading = true;

    String ending() throws Exception {
      return end.get(10, TimeUnit.SECONDS);
    }
  }

  final CompletableFuture<Boolean> goAway = new CompletableFuture<>();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel connection;
  private final URI base;
  private final SimulatedProvider provider;

  Http2Asker(Simulators simulators, SimulatedProvider provider) throws Exception {
    this.provider = provider;
    base = simulators.baseUrl(provider);
    connection =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(new Connection())
            .connect(base.getHost(), base.getPort())
            .sync()
            .channel();
  }

  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forClient()
                  .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
                  .build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
              new GoAways());
    }
  }

  private final class GoAways extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof Http2GoAwayFrame) {
        goAway.complete(true);
      }
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private static final class Collector extends ChannelInboundHandlerAdapter {
    private final Answer answer;

    Collector(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      switch (msg) {
        case Http2HeadersFrame head -> {
          answer.head.complete(head.headers());
          if (head.isEndStream()) {
            answer.end.complete("clean end");
          }
        }
        case Http2DataFrame data -> {
          answer.body.append(data.content().toString(StandardCharsets.UTF_8));
          if (data.isEndStream()) {
            answer.end.complete("clean end");
          }
        }
        case Http2ResetFrame reset -> answer.end.complete("reset " + reset.errorCode());
        default -> {}
      }
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        answer.end.complete("reset " + reset.errorCode());
      }
      ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      answer.end.complete("connection closed");
    }
  }

  /// A stream that is open.
  record Open(Http2StreamChannel channel, Answer answer) {
    void cancel() {
      channel
          .writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL))
          .addListener(_ -> channel.close());
    }
  }

  /// A stream whose request is sent; `autoRead` false stops its flow control.
  Open open(String body, boolean autoRead) throws Exception {
    Answer answer = new Answer();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Collector(answer))
            .open()
            .get(5, TimeUnit.SECONDS);
    stream.config().setAutoRead(autoRead);
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .authority(base.getHost())
            .path(base.getPath() + Asker.chatPath(provider))
            .add("authorization", "Bearer k")
            .add("anthropic-version", "2023-06-01");
    ByteBuf bytes = Unpooled.copiedBuffer(Asker.fit(provider, body), StandardCharsets.UTF_8);
    stream.write(new DefaultHttp2HeadersFrame(headers));
    stream.writeAndFlush(new DefaultHttp2DataFrame(bytes, true));
    return new Open(stream, answer);
  }

  Answer stream(String model) throws Exception {
    return open(Asker.body(model, true, ""), true).answer();
  }

  @Override
  public void close() {
    connection.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
