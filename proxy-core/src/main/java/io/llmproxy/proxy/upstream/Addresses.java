package io.llmproxy.proxy.upstream;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where an upstream's host is. What DNS said last stands in for up to an hour when it fails or is
/// slow, and the address that worked last is tried first. Used by any event loop.
final class Addresses {

  private static final long STALE_NANOS = TimeUnit.HOURS.toNanos(1);

  /// How long DNS is waited for where an older answer is at hand.
  private static final int PATIENCE_MILLIS = 250;

  private record Answer(List<InetSocketAddress> addresses, long atNanos) {}

  private final InetSocketAddress name;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private volatile @Nullable Answer last;
  private volatile @Nullable InetSocketAddress working;
  private volatile @Nullable InetSocketAddress failing;

  Addresses(String host, int port, AddressResolverGroup<InetSocketAddress> resolver) {
    this.name = InetSocketAddress.createUnresolved(host, port);
    this.resolver = resolver;
  }

  /// The addresses in the order to try them; told on `loop`, at the latest when DNS gives up.
  Future<List<InetSocketAddress>> find(EventLoop loop, long nowNanos) {
    Promise<List<InetSocketAddress>> found = loop.newPromise();
    List<InetSocketAddress> stale = stale(nowNanos);
    resolver
        .getResolver(loop)
        .resolveAll(name)
        .addListener((Future<List<InetSocketAddress>> dns) -> {
          if (dns.isSuccess()) {
            last = new Answer(List.copyOf(dns.getNow()), System.nanoTime());
            found.trySuccess(inOrder(dns.getNow()));
          } else if (stale != null) {
            found.trySuccess(inOrder(stale));
          } else {
            found.tryFailure(dns.cause());
          }
        });
    if (stale != null && !found.isDone()) {
      Future<?> patience =
          loop.schedule(
              () -> found.trySuccess(inOrder(stale)), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      found.addListener(_ -> patience.cancel(false));
    }
    return found;
  }

  void worked(InetSocketAddress address) {
    working = address;
    if (address.equals(failing)) {
      failing = null;
    }
  }

  void failed(InetSocketAddress address) {
    failing = address;
    if (address.equals(working)) {
      working = null;
    }
  }

  private @Nullable List<InetSocketAddress> stale(long nowNanos) {
    Answer answer = last;
    return answer != null && nowNanos - answer.atNanos <= STALE_NANOS ? answer.addresses : null;
  }

  private List<InetSocketAddress> inOrder(List<InetSocketAddress> addresses) {
    List<InetSocketAddress> ordered = new ArrayList<>(addresses);
    InetSocketAddress bad = failing;
    if (bad != null && ordered.remove(bad)) {
      ordered.addLast(bad);
    }
    InetSocketAddress good = working;
    if (good != null && ordered.remove(good)) {
      ordered.addFirst(good);
    }
    return ordered;
  }
}
