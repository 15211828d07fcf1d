package io.llmproxy.bench.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The five simulated providers, each on a port of its own or all on one, until closed.
public final class Simulators implements AutoCloseable {

  private final SimulatorSettings settings;
  private final Books books = new Books();
  private final Courses courses = new Courses();
  private final EventLoopGroup group;
  private final Class<? extends ServerChannel> channelType;
  private final Map<EventExecutor, Desk> desks = new HashMap<>();
  private final Map<SimulatedProvider, Channel> listeners = new EnumMap<>(SimulatedProvider.class);
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private Simulators(SimulatorSettings settings) {
    this.settings = settings;
    boolean epoll = Epoll.isAvailable();
    channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    group =
        new MultiThreadIoEventLoopGroup(
            settings.eventLoops(),
            new DefaultThreadFactory("simulator", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    for (EventExecutor loop : group) {
      Ticker ticker = new Ticker((EventLoop) loop, settings.tick().toNanos());
      desks.put(loop, new Desk(ticker, books, settings, courses));
    }
  }

  /// Five providers on free ports of loopback.
  public static Simulators start() throws IOException {
    return start(SimulatorSettings.DEFAULT);
  }

  /// Starts as `settings` say; what was begun is undone if a port cannot be had.
  public static Simulators start(SimulatorSettings settings) throws IOException {
    Simulators simulators = new Simulators(settings);
    try {
      simulators.bindAll();
    } catch (IOException e) {
      simulators.close();
      throw e;
    }
    return simulators;
  }

  private void bindAll() throws IOException {
    boolean shared = settings.commonPort() >= 0;
    Channel common = shared ? bind(settings.commonPort(), null) : null;
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      listeners.put(provider, common == null ? bind(0, provider) : common);
    }
  }

  private Channel bind(int port, @Nullable SimulatedProvider home) throws IOException {
    Paths paths = new Paths(home);
    var bound =
        new ServerBootstrap()
            .group(group)
            .channel(channelType)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connection(paths))
            .bind(settings.host(), port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(settings.host() + ":" + port + ": cannot listen", bound.cause());
    }
    channels.add(bound.channel());
    return bound.channel();
  }

  /// Equips one accepted connection.
  private final class Connection extends ChannelInitializer<Channel> {
    private final Paths paths;

    Connection(Paths paths) {
      this.paths = paths;
    }

    @Override
    protected void initChannel(Channel channel) {
      channels.add(channel);
      books.connected();
      channel.closeFuture().addListener(_ -> books.disconnected());
      Desk desk = desks.get(channel.eventLoop());
      if (desk == null) {
        throw new IllegalStateException("a loop of another group");
      }
      SslContext tls = settings.tls();
      if (tls == null) {
        channel.pipeline().addLast("preface", new PrefaceDetector(desk, paths));
      } else {
        channel.pipeline().addLast("tls", tls.newHandler(channel.alloc()));
        channel.pipeline().addLast("alpn", new Alpn(desk, paths));
      }
      channel.pipeline().addLast("tail", new Tail());
    }
  }

  /// Installs the protocol that the TLS handshake agreed on.
  private static final class Alpn extends ApplicationProtocolNegotiationHandler {
    private final Desk desk;
    private final Paths paths;

    Alpn(Desk desk, Paths paths) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.desk = desk;
      this.paths = paths;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        PrefaceDetector.installHttp2(ctx.pipeline(), desk, paths);
      } else {
        PrefaceDetector.installHttp1(ctx.pipeline(), desk, paths);
      }
    }
  }

  /// Closes a connection that failed before its protocol was known.
  private static final class Tail extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /// The base URL a proxy is to be configured with for `provider`.
  public URI baseUrl(SimulatedProvider provider) {
    Channel listener = listeners.get(provider);
    if (listener == null) {
      throw new IllegalStateException("closed");
    }
    String prefix = settings.commonPort() >= 0 ? "/" + provider.key() : "";
    return URI.create(origin(listener) + prefix + provider.basePath());
  }

  private String origin(Channel listener) {
    InetSocketAddress address = (InetSocketAddress) listener.localAddress();
    String scheme = settings.tls() == null ? "http://" : "https://";
    return scheme + settings.host() + ":" + address.getPort();
  }

  /// What was asked and answered so far.
  public Books books() {
    return books;
  }

  /// Closes every connection and waits until the threads have ended.
  @Override
  public void close() {
    channels.close().awaitUninterruptibly();
    for (Map.Entry<EventExecutor, Desk> desk : desks.entrySet()) {
      desk.getKey().submit(desk.getValue()::close).awaitUninterruptibly();
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
