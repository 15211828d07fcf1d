package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Opens connections to one upstream: resolves its name off the loop, connects, speaks TLS, and
/// learns from ALPN which HTTP it is.
public final class Connector {

  private final Upstream upstream;
  private final Bootstrap template;
  private final @Nullable SslContext tls;

  /// @param tls null for cleartext
  public Connector(
      Upstream upstream,
      Class<? extends Channel> channelType,
      AddressResolverGroup<InetSocketAddress> resolver,
      @Nullable SslContext tls,
      Duration connectTimeout) {
    this.upstream = upstream;
    this.tls = tls;
    this.template =
        new Bootstrap()
            .channel(channelType)
            .resolver(resolver)
            .remoteAddress(InetSocketAddress.createUnresolved(upstream.host(), upstream.port()))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 << 10, 256 << 10));
  }

  Upstream upstream() {
    return upstream;
  }

  /// Whether HTTP/1.1 is known to be what is spoken, before any connection was made.
  boolean isHttp1Only() {
    return upstream.http2() == Http2.NEVER || (tls == null && upstream.http2() == Http2.AUTO);
  }

  /// Opens one connection on `loop` and tells `pool` of it, or of its failure, exactly once.
  void connect(EventLoop loop, UpstreamPool pool) {
    Handshake handshake = new Handshake(pool);
    template
        .clone(loop)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                if (tls != null) {
                  channel
                      .pipeline()
                      .addLast(tls.newHandler(channel.alloc(), upstream.host(), upstream.port()));
                  channel.pipeline().addLast(new Negotiation(handshake));
                }
              }
            })
        .connect()
        .addListener((ChannelFuture future) -> connected(future, handshake));
  }

  private void connected(ChannelFuture future, Handshake handshake) {
    if (!future.isSuccess()) {
      handshake.failed(future.cause());
    } else if (tls == null) {
      handshake.done(future.channel().pipeline(), upstream.http2() == Http2.PRIOR_KNOWLEDGE);
    }
  }

  /// Tells a pool once how opening a connection went.
  private static final class Handshake {
    private final UpstreamPool pool;
    private boolean told;

    Handshake(UpstreamPool pool) {
      this.pool = pool;
    }

    void done(ChannelPipeline pipeline, boolean http2) {
      if (told) {
        return;
      }
      told = true;
      if (http2) {
        Http2Upstream connection = Http2Upstream.create(pool);
        pipeline.addLast("http2", connection);
        pool.connected(connection);
      } else {
        Http1Upstream connection = new Http1Upstream(pool);
        pipeline.addLast("http1", connection);
        pool.connected(connection);
      }
    }

    void failed(Throwable cause) {
      if (!told) {
        told = true;
        pool.connectFailed(cause);
      }
    }
  }

  /// Waits for the TLS handshake and asks ALPN which HTTP was agreed on.
  private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
    private final Handshake handshake;

    Negotiation(Handshake handshake) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.handshake = handshake;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      handshake.done(ctx.pipeline(), ApplicationProtocolNames.HTTP_2.equals(protocol));
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      handshake.failed(cause);
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      handshake.failed(cause);
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      handshake.failed(new ClosedChannelException());
      super.channelInactive(ctx);
    }
  }
}
