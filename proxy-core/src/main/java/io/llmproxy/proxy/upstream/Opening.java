package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.LostConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One connection being opened: finds the host, tries its addresses (RFC 8305), speaks TLS, and
/// learns from ALPN which HTTP it is. Belongs to one event loop; tells its pool once.
final class Opening {

  /// RFC 8305 section 5: Connection Attempt Delay.
  private static final int NEXT_ADDRESS_MILLIS = 250;

  private final Connector connector;
  private final EventLoop loop;
  private final UpstreamPool pool;
  private final List<Channel> trying = new ArrayList<>(2);
  private List<InetSocketAddress> addresses = List.of();
  private int tried;
  private @Nullable Future<?> deadline;
  private @Nullable Future<?> nextAddress;
  private @Nullable InetSocketAddress chosen;
  private boolean told;

  Opening(Connector connector, EventLoop loop, UpstreamPool pool) {
    this.connector = connector;
    this.loop = loop;
    this.pool = pool;
  }

  void begin() {
    long millis = connector.connectTimeout().toMillis();
    deadline =
        loop.schedule(
            () -> failed(new ConnectTimeoutException("not open within " + millis + " ms")),
            millis,
            TimeUnit.MILLISECONDS);
    connector.addresses().find(loop, System.nanoTime()).addListener(this::found);
  }

  private void found(Future<? super List<InetSocketAddress>> answer) {
    if (told) {
      return;
    }
    if (!answer.isSuccess()) {
      failed(answer.cause());
      return;
    }
    @SuppressWarnings("unchecked")
    List<InetSocketAddress> found = (List<InetSocketAddress>) answer.getNow();
    addresses = found;
    if (addresses.isEmpty()) {
      failed(new UnknownHostException("the name has no address"));
    } else {
      tryNext();
    }
  }

  private void tryNext() {
    if (told || chosen != null || tried == addresses.size()) {
      return;
    }
    InetSocketAddress address = addresses.get(tried++);
    if (tried < addresses.size()) {
      nextAddress = loop.schedule(this::tryNext, NEXT_ADDRESS_MILLIS, TimeUnit.MILLISECONDS);
    }
    ChannelFuture connect = connector.template().clone(loop).connect(address);
    trying.add(connect.channel());
    connect.addListener((ChannelFuture done) -> connected(done, address));
  }

  private void connected(ChannelFuture connect, InetSocketAddress address) {
    Channel channel = connect.channel();
    trying.remove(channel);
    if (told || chosen != null) {
      channel.close();
    } else if (connect.isSuccess()) {
      chosen = address;
      closeOthers();
      trying.add(channel);
      speak(channel.pipeline());
    } else {
      connector.addresses().failed(address);
      if (tried < addresses.size()) {
        cancel(nextAddress);
        tryNext();
      } else if (trying.isEmpty()) {
        failed(connect.cause());
      }
    }
  }

  private void closeOthers() {
    cancel(nextAddress);
    List<Channel> others = List.copyOf(trying);
    trying.clear();
    others.forEach(Channel::close);
  }

  private void speak(ChannelPipeline pipeline) {
    SslContext tls = connector.tls();
    Upstream upstream = connector.upstream();
    if (tls == null) {
      opened(pipeline, upstream.http2() == Http2.PRIOR_KNOWLEDGE);
      return;
    }
    pipeline.addLast(tls.newHandler(pipeline.channel().alloc(), upstream.host(), upstream.port()));
    pipeline.addLast(new Negotiation(this));
  }

  private void opened(ChannelPipeline pipeline, boolean http2) {
    if (told) {
      return;
    }
    told = true;
    cancel(deadline);
    if (chosen != null) {
      connector.addresses().worked(chosen);
    }
    if (http2) {
      Http2Upstream connection = Http2Upstream.create(pool);
      pipeline.addLast("http2", connection);
      pipeline.addLast("lost", LostConnection.HANDLER);
      pool.connected(connection);
    } else {
      Http1Upstream connection = new Http1Upstream(pool);
      pipeline.addLast("http1", connection);
      pool.connected(connection);
    }
  }

  private void failed(Throwable cause) {
    if (told) {
      return;
    }
    told = true;
    cancel(deadline);
    // Addresses that had not answered yet, or the one that did and then failed.
    InetSocketAddress last = chosen == null && tried > 0 ? addresses.get(tried - 1) : chosen;
    if (last != null) {
      connector.addresses().failed(last);
    }
    closeOthers();
    pool.connectFailed(kind(cause), cause);
  }

  private static FailureKind kind(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof SSLException) {
        return FailureKind.UPSTREAM_TLS;
      }
    }
    return FailureKind.UPSTREAM_UNREACHABLE;
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /// Waits for the TLS handshake and asks ALPN which HTTP was agreed on.
  private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
    private final Opening opening;

    Negotiation(Opening opening) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.opening = opening;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      opening.opened(ctx.pipeline(), ApplicationProtocolNames.HTTP_2.equals(protocol));
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      opening.failed(cause);
      ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      opening.failed(cause);
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      opening.failed(new ClosedChannelException());
      super.channelInactive(ctx);
    }
  }
}
