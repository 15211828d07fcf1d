package io.llmproxy.client;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// What the connections of one client share: one event loop, on which all its calls live, and the
/// threads that wait for DNS.
final class Transport implements AutoCloseable {

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final ExecutorService resolvers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<HttpVersion, SslContext> tls = new EnumMap<>(HttpVersion.class);
  private final int connections;
  private final Duration connectTimeout;

  /// @param tls makes what TLS is spoken with
  /// @param connections to each endpoint over HTTP/2
  Transport(Function<HttpVersion, SslContext> tls, int connections, Duration connectTimeout) {
    for (HttpVersion version : HttpVersion.values()) {
      this.tls.put(version, tls.apply(version));
    }
    this.connections = connections;
    this.connectTimeout = connectTimeout;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("llm-client", true), NioIoHandler.newFactory());
    this.loop = group.next();
  }

  EventLoop loop() {
    return loop;
  }

  ExecutorService resolvers() {
    return resolvers;
  }

  SslContext tls(HttpVersion version) {
    return Objects.requireNonNull(tls.get(version));
  }

  int connections() {
    return connections;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  /// Waits until the event loop has ended, unless it is called there.
  @Override
  public void close() {
    resolvers.shutdownNow();
    var ended = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    if (!loop.inEventLoop()) {
      ended.awaitUninterruptibly();
    }
  }
}
