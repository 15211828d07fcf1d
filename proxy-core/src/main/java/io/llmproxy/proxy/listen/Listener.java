package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.http.Sockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The data port: accepts connections, spreads them over the event loops and gives each the
/// handlers of its protocol.
public final class Listener {

  private static final int BACKLOG = 4096;

  /// With the read of a provider that passes it, less than 256 KiB of a reply lie here for a caller
  /// that does not read.
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 << 10, 128 << 10);

  private final Channel channel;

  private Listener(Channel channel) {
    this.channel = channel;
  }

  /// Binds `address`.
  ///
  /// @param tls null for cleartext
  public static Listener bind(
      Address address,
      EventLoopGroup group,
      Sockets sockets,
      Connections connections,
      @Nullable SslContext tls)
      throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(sockets.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Accept(connections, tls))
            .bind(new InetSocketAddress(address.host(), address.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + address.host()
              + ":"
              + address.port()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return new Listener(bound.channel());
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /// Accepts no more.
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  /// Where accepted connections belong: the connections of each loop, and how many there may be in
  /// all: one beyond them is closed at once.
  public record Connections(IdentityHashMap<EventLoop, LoopDownstreams> byLoop, int most) {}

  private static final class Accept extends ChannelInitializer<SocketChannel> {
    private final Connections connections;
    private final @Nullable SslContext tls;
    private final AtomicInteger open = new AtomicInteger();

    Accept(Connections connections, @Nullable SslContext tls) {
      this.connections = connections;
      this.tls = tls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel.closeFuture().addListener(_ -> open.decrementAndGet());
      LoopDownstreams downstreams = connections.byLoop().get(channel.eventLoop());
      if (open.incrementAndGet() > connections.most() || downstreams == null) {
        channel.close();
      } else if (tls == null) {
        channel.pipeline().addLast("select", new ProtocolSelector(downstreams));
      } else {
        channel.pipeline().addLast("tls", tls.newHandler(channel.alloc()));
        channel.pipeline().addLast("alpn", new Alpn(downstreams));
      }
    }
  }

  /// Takes the protocol that the TLS handshake agreed on; HTTP/1.1 where it said none.
  private static final class Alpn extends ApplicationProtocolNegotiationHandler {
    private final LoopDownstreams downstreams;

    Alpn(LoopDownstreams downstreams) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.downstreams = downstreams;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      ProtocolSelector.install(ctx, downstreams, ApplicationProtocolNames.HTTP_2.equals(protocol));
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
