package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.http.Sockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Opens connections to one upstream. Used by any event loop.
public final class Connector {

  /// How long sent bytes may stay unacknowledged before the kernel gives a connection up.
  private static final int UNACKNOWLEDGED_MILLIS = 10_000;

  private final Upstream upstream;
  private final Bootstrap template;
  private final Addresses addresses;
  private final @Nullable SslContext tls;
  private final Duration connectTimeout;

  /// @param tls null for cleartext
  /// @param connectTimeout for the name, TCP and TLS together
  public Connector(
      Upstream upstream,
      Sockets sockets,
      AddressResolverGroup<InetSocketAddress> resolver,
      @Nullable SslContext tls,
      Duration connectTimeout) {
    this.upstream = upstream;
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.addresses = new Addresses(upstream.host(), upstream.port(), resolver);
    this.template =
        new Bootstrap()
            .channel(sockets.client())
            .disableResolver()
            .handler(new Empty())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            // A write that fails must not close the socket before what the provider said is read.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(64 << 10, 256 << 10));
    ChannelOption<Integer> userTimeout = sockets.tcpUserTimeout();
    if (userTimeout != null) {
      template.option(userTimeout, UNACKNOWLEDGED_MILLIS);
    }
  }

  Upstream upstream() {
    return upstream;
  }

  Bootstrap template() {
    return template;
  }

  Addresses addresses() {
    return addresses;
  }

  @Nullable SslContext tls() {
    return tls;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  /// Whether HTTP/1.1 is known to be what is spoken, before any connection was made.
  boolean isHttp1Only() {
    return upstream.http2() == Http2.NEVER || (tls == null && upstream.http2() == Http2.AUTO);
  }

  /// Opens one connection on `loop` and tells `pool` of it, or of its failure, exactly once and
  /// never before this returns.
  void connect(EventLoop loop, UpstreamPool pool) {
    Opening opening = new Opening(this, loop, pool);
    loop.execute(opening::begin);
  }

  /// A pipeline gets its handlers when its connection was chosen among several.
  @Sharable
  private static final class Empty extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {}
  }
}
