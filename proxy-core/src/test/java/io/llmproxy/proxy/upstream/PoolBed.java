package io.llmproxy.proxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.provider.api.ProviderApi;
import io.llmproxy.provider.request.UpstreamBody;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.proxy.config.BudgetSettings;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Auth;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.ProviderSettings.OnDisconnect;
import io.llmproxy.proxy.config.RateSettings;
import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.config.Settings.Transport;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.http.FlushTurn;
import io.llmproxy.proxy.http.Sockets;
import io.llmproxy.proxy.http.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A pool on an event loop of its own, asked from a test's thread.
final class PoolBed implements AutoCloseable {

  static final AsciiString KEY = AsciiString.of("Bearer sk-never-to-be-seen");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Where and how a pool connects.
  record Plan(
      String url,
      Http2 http2,
      int maxConnections,
      Duration connectTimeout,
      @Nullable DnsServerAddressStreamProvider dns,
      @Nullable String caFile) {
    static Plan http2(int port) {
      return new Plan(
          "http://127.0.0.1:" + port,
          Http2.PRIOR_KNOWLEDGE,
          100,
          Duration.ofSeconds(5),
          null,
          null);
    }

    static Plan http1(int port) {
      return http2(port).with(Http2.NEVER);
    }

    Plan with(Http2 other) {
      return new Plan(url, other, maxConnections, connectTimeout, dns, caFile);
    }

    Plan within(Duration timeout) {
      return new Plan(url, http2, maxConnections, timeout, dns, caFile);
    }

    Plan atMost(int connections) {
      return new Plan(url, http2, connections, connectTimeout, dns, caFile);
    }

    Plan named(String otherUrl, DnsServerAddressStreamProvider servers) {
      return new Plan(otherUrl, http2, maxConnections, connectTimeout, servers, caFile);
    }

    Plan tls(String otherUrl, String ca) {
      return new Plan(otherUrl, http2, maxConnections, connectTimeout, dns, ca);
    }
  }

  /// What became of one attempt.
  static final class Reply implements ReplyListener {
    final CompletableFuture<String> end = new CompletableFuture<>();
    final AtomicLong bytes = new AtomicLong();
    volatile int status;
    volatile boolean pausing;
    volatile @Nullable Attempt attempt;
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onHead(UpstreamHead head) {
      status = head.status();
      if (pausing && attempt != null) {
        attempt.pause();
      }
    }

    @Override
    public void onPart(ByteBuf part, boolean exclusive) {
      bytes.addAndGet(part.readableBytes());
      if (text.length() < 10_000) {
        text.append(part.toString(US_ASCII));
      }
      part.release();
    }

    @Override
    public void onEnd() {
      end.complete(text.toString());
    }

    @Override
    public void onBatchEnd() {}

    @Override
    public void onFailure(Failure failure) {
      end.complete(failure.kind() + ": " + failure.message());
    }

    /// How it ended: the reply's text, or the kind of failure and its message.
    String await() throws Exception {
      return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private record Body(int bytes) implements UpstreamBody {
    @Override
    public long length() {
      return bytes;
    }

    @Override
    public void emit(PartSink sink) {
      for (int left = bytes; left > 0; left -= 1 << 16) {
        sink.part(Unpooled.wrappedBuffer(new byte[Math.min(left, 1 << 16)]));
      }
    }

    @Override
    public void release() {}
  }

  private final MultiThreadIoEventLoopGroup group;
  private final DnsAddressResolverGroup resolver;
  private final @Nullable SslContext tls;
  private final UpstreamPool pool;
  final EventLoop loop;

  PoolBed(Plan plan) throws Exception {
    Sockets sockets = Sockets.of(Transport.EPOLL);
    group = new MultiThreadIoEventLoopGroup(1, sockets.handler());
    loop = group.next();
    resolver =
        sockets.resolver(
            plan.dns == null ? DnsServerAddressStreamProviders.platformDefault() : plan.dns);
    ProviderSettings provider =
        new ProviderSettings(
            "test",
            ProviderApi.OPENAI,
            List.of(),
            URI.create(plan.url),
            Auth.KEY,
            plan.http2,
            plan.caFile,
            List.of(),
            plan.maxConnections,
            new Timeouts(
                plan.connectTimeout,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                0),
            OnDisconnect.CANCEL,
            RateSettings.NONE,
            BudgetSettings.NONE);
    Upstream upstream = Upstream.of(provider, 0);
    tls = upstream.tls() ? Tls.client(provider) : null;
    Connector connector = new Connector(upstream, sockets, resolver, tls, plan.connectTimeout);
    pool = new UpstreamPool(loop, new FlushTurn(loop), connector, plan.maxConnections);
  }

  /// Starts an attempt.
  Reply start(int bodyBytes) {
    return start(bodyBytes, new Reply());
  }

  Reply start(int bodyBytes, Reply reply) {
    UpstreamRequest request =
        new UpstreamRequest(
            AsciiString.of("/v1/chat/completions"),
            List.of(AsciiString.of("authorization"), KEY),
            new Body(bodyBytes));
    loop.submit(() -> reply.attempt = pool.start(request, reply)).syncUninterruptibly();
    return reply;
  }

  /// Asks and waits for the end.
  String ask() throws Exception {
    return start(2).await();
  }

  /// Does what is due `later` from now.
  void tend(Duration later) {
    loop.submit(() -> pool.tend(System.nanoTime() + later.toNanos())).syncUninterruptibly();
  }

  int connections() {
    return loop.submit(pool::connections).syncUninterruptibly().getNow();
  }

  boolean isWritten(Reply reply) {
    return loop.submit(() -> reply.attempt != null && reply.attempt.isWritten())
        .syncUninterruptibly()
        .getNow();
  }

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(2);
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }

  @Override
  public void close() {
    loop.submit(pool::close).syncUninterruptibly();
    resolver.close();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    ReferenceCountUtil.release(tls);
  }
}
