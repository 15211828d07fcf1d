package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.handler.codec.http2.HttpToHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.InboundHttp2ToHttpAdapterBuilder;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers every request with the same text, over HTTP/1.1 or HTTP/2, and counts them.
final class TinyServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger requests = new AtomicInteger();
  private final Channel channel;

  TinyServer(Protocol protocol, String body) {
    channel =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    addProtocol(child, protocol);
                    child.pipeline().addLast(new Answer(body));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  private static void addProtocol(Channel child, Protocol protocol) {
    if (protocol == Protocol.HTTP_1_1) {
      child.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536));
      return;
    }
    DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
    child
        .pipeline()
        .addLast(
            new HttpToHttp2ConnectionHandlerBuilder()
                .connection(connection)
                .frameListener(
                    new InboundHttp2ToHttpAdapterBuilder(connection)
                        .maxContentLength(65_536)
                        .build())
                .build());
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final String body;

    Answer(String body) {
      this.body = body;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      requests.incrementAndGet();
      ByteBuf content = Unpooled.copiedBuffer(body, US_ASCII);
      FullHttpResponse reply =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content);
      reply.headers().set("content-length", content.readableBytes());
      String streamId = HttpConversionUtil.ExtensionHeaderNames.STREAM_ID.text().toString();
      String id = request.headers().get(streamId);
      if (id != null) {
        reply.headers().set(streamId, id);
      }
      ctx.writeAndFlush(reply);
    }
  }
}
