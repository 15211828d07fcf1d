package io.llmproxy.proxy.admin;

import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.config.Settings.AdminSettings;
import io.llmproxy.proxy.observe.Metrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The listener for those who run the proxy: health, metrics, usage, drain. It has a thread of its
/// own, so that what it renders never holds up an exchange.
public final class AdminServer implements AutoCloseable {

  private static final int IDLE_SECONDS = 60;
  private static final int STOP_SECONDS = 2;

  private final EventLoopGroup thread;
  private final Channel listener;

  private AdminServer(EventLoopGroup thread, Channel listener) {
    this.thread = thread;
    this.listener = listener;
  }

  /// Binds and serves. `draining` and `drain` are called on the listener's thread and must not
  /// block.
  ///
  /// @param draining whether the proxy takes no more work
  /// @param drain makes it take no more
  /// @throws IOException where the address cannot be bound
  public static AdminServer start(
      AdminSettings settings, Metrics metrics, BooleanSupplier draining, Runnable drain)
      throws IOException {
    var pages = new AdminPages(metrics, draining, drain);
    var gate = new AdminGate(settings.token());
    EventLoopGroup thread =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(thread)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connection
                        .pipeline()
                        .addLast("idle", new ReadTimeoutHandler(IDLE_SECONDS))
                        .addLast("http", new HttpServerCodec())
                        .addLast("body", new AdminBody())
                        .addLast("admin", new AdminHandler(gate, pages));
                  }
                })
            .bind(socketAddress(settings.listen()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      thread.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
      throw new IOException(
          "admin.listen_addr: cannot bind %s:%d: %s"
              .formatted(
                  settings.listen().host(), settings.listen().port(), bound.cause().getMessage()),
          bound.cause());
    }
    return new AdminServer(thread, bound.channel());
  }

  private static InetSocketAddress socketAddress(Address address) {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(address.host(), address.port());
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Its thread, for whoever else must read the metrics away from the event loops of exchanges.
  public Executor executor() {
    return thread;
  }

  /// Stops listening and closes every connection.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    thread
        .shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
