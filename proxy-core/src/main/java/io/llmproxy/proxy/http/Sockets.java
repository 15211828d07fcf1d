package io.llmproxy.proxy.http;

import io.llmproxy.proxy.config.Settings.Transport;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import org.jspecify.annotations.Nullable;

/// The kinds of sockets that belong to one way to the kernel.
public record Sockets(
    Transport transport,
    IoHandlerFactory handler,
    Class<? extends ServerSocketChannel> server,
    Class<? extends SocketChannel> client,
    Class<? extends DatagramChannel> datagram) {

  private static final int DNS_QUERY_MILLIS = 2000;

  /// The sockets for `wanted`.
  ///
  /// @throws IllegalStateException where this machine does not have that transport, with the cause
  public static Sockets of(Transport wanted) {
    return switch (wanted) {
      case EPOLL -> {
        check(wanted, Epoll.isAvailable(), Epoll.unavailabilityCause());
        yield new Sockets(
            wanted,
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            EpollDatagramChannel.class);
      }
      case IO_URING -> {
        check(wanted, IoUring.isAvailable(), IoUring.unavailabilityCause());
        yield new Sockets(
            wanted,
            IoUringIoHandler.newFactory(),
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class,
            IoUringDatagramChannel.class);
      }
      case NIO ->
          new Sockets(
              wanted,
              NioIoHandler.newFactory(),
              NioServerSocketChannel.class,
              NioSocketChannel.class,
              NioDatagramChannel.class);
    };
  }

  /// The socket option that bounds, in milliseconds, how long sent bytes may stay unacknowledged;
  /// null where this way to the kernel has none.
  public @Nullable ChannelOption<Integer> tcpUserTimeout() {
    return switch (transport) {
      case EPOLL -> EpollChannelOption.TCP_USER_TIMEOUT;
      case IO_URING -> IoUringChannelOption.TCP_USER_TIMEOUT;
      case NIO -> null;
    };
  }

  /// Asks `servers` for addresses, without blocking; an answer too long for a datagram, or lost, is
  /// asked for again over TCP.
  public DnsAddressResolverGroup resolver(DnsServerAddressStreamProvider servers) {
    return new DnsAddressResolverGroup(
        new DnsNameResolverBuilder()
            .datagramChannelType(datagram)
            .socketChannelType(client, true)
            .queryTimeoutMillis(DNS_QUERY_MILLIS)
            .nameServerProvider(servers));
  }

  private static void check(Transport wanted, boolean available, Throwable cause) {
    if (!available) {
      throw new IllegalStateException(
          "transport "
              + wanted.name().toLowerCase(java.util.Locale.ROOT)
              + " is not available on this machine (use transport: nio): "
              + cause.getMessage(),
          cause);
    }
  }
}
