package io.llmproxy.proxy;

import io.llmproxy.provider.api.TokenFactors;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.proxy.admin.AdminServer;
import io.llmproxy.proxy.admission.Admission;
import io.llmproxy.proxy.admission.Allowances;
import io.llmproxy.proxy.auth.Access;
import io.llmproxy.proxy.budget.Period;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.cluster.Cluster;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.Settings.LoggingSettings.Requests;
import io.llmproxy.proxy.exchange.DeadlineSweep;
import io.llmproxy.proxy.exchange.ExchangeServices;
import io.llmproxy.proxy.exchange.Identification;
import io.llmproxy.proxy.exchange.LocalAnswers;
import io.llmproxy.proxy.exchange.RequestIds;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import io.llmproxy.proxy.http.FlushTurn;
import io.llmproxy.proxy.http.Sockets;
import io.llmproxy.proxy.http.Tls;
import io.llmproxy.proxy.ledger.Lane;
import io.llmproxy.proxy.ledger.Ledger;
import io.llmproxy.proxy.ledger.Spent;
import io.llmproxy.proxy.listen.Listener;
import io.llmproxy.proxy.listen.LoopDownstreams;
import io.llmproxy.proxy.observe.Logging;
import io.llmproxy.proxy.observe.Metrics;
import io.llmproxy.proxy.observe.Observer;
import io.llmproxy.proxy.observe.Observers;
import io.llmproxy.proxy.observe.RequestLog;
import io.llmproxy.proxy.observe.Standing;
import io.llmproxy.proxy.route.Routes;
import io.llmproxy.proxy.route.Target;
import io.llmproxy.proxy.upstream.Connector;
import io.llmproxy.proxy.upstream.Upstream;
import io.llmproxy.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A running proxy: the only place that makes its parts and puts them together.
public final class Proxy implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  /// One part of the heap is for what is gathered of long replies.
  private static final int HEAP_PARTS = 4;

  /// What one event loop has for itself.
  private record Loop(
      EventLoop loop,
      ExchangeServices services,
      LoopDownstreams downstreams,
      List<UpstreamPool> pools) {}

  private final @Nullable Logging logging;
  private final MultiThreadIoEventLoopGroup group;
  private final DnsAddressResolverGroup resolver;
  private final List<Loop> loops = new ArrayList<>();
  private final List<SslContext> tlsContexts = new ArrayList<>();
  private final Access access;
  private final Metrics metrics;
  private final @Nullable Ledger ledger;
  private final @Nullable Cluster cluster;
  private final Allowances allowances;
  private final Listener listener;
  private final AdminServer admin;
  private volatile boolean draining;
  private volatile boolean closed;

  private Proxy(Settings settings, @Nullable Logging logging) throws IOException {
    this.logging = logging;
    Sockets sockets = Sockets.of(settings.sockets().transport());
    int count = loopCount(settings);
    SharedRoom.share(Runtime.getRuntime().maxMemory() / HEAP_PARTS);
    access = Access.of(settings.access());
    Routes routes =
        new Routes(settings.providers(), settings.routes(), settings.retry(), settings.prices());
    metrics =
        new Metrics(
            providers(settings),
            models(routes),
            count,
            () -> logging == null ? 0 : logging.dropped(),
            this::standing);
    ledger = settings.ledger() == null ? null : Ledger.open(settings.ledger(), count);
    PeriodClock clock = clock(ledger);
    cluster = cluster(settings, clock, ledger != null);
    allowances = allowances(settings, clock);
    group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("llmproxy-loop"), sockets.handler());
    resolver = sockets.resolver(DnsServerAddressStreamProviders.platformDefault());
    try {
      LocalAnswers local =
          new LocalAnswers(routes, () -> draining, metrics::prometheusText, metrics::json);
      List<Connector> connectors = connectors(settings, sockets);
      for (EventExecutor executor : group) {
        loops.add(loop((EventLoop) executor, settings, routes, local, connectors));
      }
      SslContext tls = settings.tls() == null ? null : owned(Tls.server(settings.tls()));
      listener = Listener.bind(settings.listen(), group, sockets, connections(settings), tls);
      admin = AdminServer.start(settings.admin(), metrics, () -> draining, this::beginDrain);
    } catch (IOException | RuntimeException e) {
      end();
      throw e;
    }
  }

  private Standing standing() {
    List<Admission> admissions = loops.stream().map(loop -> loop.services().admission()).toList();
    return new Accounts(admissions, allowances, ledger, cluster).now();
  }

  private static @Nullable Cluster cluster(Settings settings, PeriodClock clock, boolean ledger) {
    return settings.cluster() == null
        ? null
        : Cluster.start(settings.cluster(), settings.listen().port(), ledger, clock);
  }

  private static PeriodClock clock(@Nullable Ledger ledger) {
    long newest = ledger == null ? 0 : ledger.newestMillis();
    return new PeriodClock(System::nanoTime, System.currentTimeMillis(), newest);
  }

  /// The limits and budgets; these begin with what the ledger says is spent of them.
  private Allowances allowances(Settings settings, PeriodClock clock) {
    long now = clock.millis();
    Spent spent =
        ledger == null
            ? Spent.NONE
            : ledger.spentSince(
                Period.HOUR.startOf(now), Period.DAY.startOf(now), Period.MONTH.startOf(now));
    Allowances made = new Allowances(settings, clock, spent, cluster);
    if (cluster != null) {
      cluster.awaitFirst();
    }
    return made;
  }

  /// Starts a proxy that keeps no request log; when this returns it answers.
  ///
  /// @throws IOException where an address cannot be bound or a certificate not be read
  public static Proxy start(Settings settings) throws IOException {
    return new Proxy(settings, null);
  }

  /// Likewise, with the request log of `logging`.
  public static Proxy start(Settings settings, Logging logging) throws IOException {
    return new Proxy(settings, logging);
  }

  /// Where the data port is bound.
  public InetSocketAddress address() {
    return listener.address();
  }

  /// Where the admin port is bound.
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /// Exchanges under way.
  public int exchanges() {
    return sum(loop -> loop.services().deadlines().size());
  }

  /// Connections of callers.
  public int downstreamConnections() {
    return sum(loop -> loop.downstreams().size());
  }

  /// Connections to providers.
  public int upstreamConnections() {
    return sum(loop -> loop.pools().stream().mapToInt(UpstreamPool::connections).sum());
  }

  /// Stops taking new work on open connections, says so on `/health`, and waits until what runs is
  /// finished and sent; what is not by then is ended with an error. Blocks for at most `limit`.
  public void drain(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    beginDrain();
    while (exchanges() > 0 && System.nanoTime() < end) {
      sleep();
    }
    listener.close();
    // What was on its way meanwhile is served, too; and an exchange has ended when its last byte is
    // written, while its caller may still have to read.
    beginDrain();
    while (downstreamConnections() > 0 && System.nanoTime() < end) {
      sleep();
    }
    Failure failure =
        new Failure(FailureKind.DRAINING, "the proxy is shutting down; send the request again");
    for (Loop loop : loops) {
      loop.loop().execute(() -> loop.services().deadlines().failAll(failure));
    }
  }

  private void beginDrain() {
    draining = true;
    loops.forEach(loop -> loop.loop().execute(loop.downstreams()::drain));
  }

  /// Ends everything at once; buffers and connections are given back.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    draining = true;
    admin.close();
    listener.close();
    Failure failure = new Failure(FailureKind.DRAINING, "the proxy is shutting down");
    for (Loop loop : loops) {
      loop.loop().execute(() -> shut(loop, failure));
    }
    end();
  }

  private static void shut(Loop loop, Failure failure) {
    loop.services().deadlines().failAll(failure);
    loop.downstreams().closeAll();
    loop.pools().forEach(UpstreamPool::close);
  }

  private void end() {
    access.close();
    resolver.close();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    tlsContexts.forEach(ReferenceCountUtil::release);
    if (cluster != null) {
      cluster.close();
    }
    if (ledger != null) {
      ledger.close();
    }
  }

  /// Notes a context to be given back at the end: what it holds of BoringSSL is out of the garbage
  /// collector's reach.
  private SslContext owned(SslContext context) {
    tlsContexts.add(context);
    return context;
  }

  private Loop loop(
      EventLoop loop,
      Settings settings,
      Routes routes,
      LocalAnswers local,
      List<Connector> connectors) {
    FlushTurn flushTurn = new FlushTurn(loop);
    List<UpstreamPool> pools = new ArrayList<>();
    for (int i = 0; i < connectors.size(); i++) {
      int most = settings.providers().get(i).maxConnections();
      pools.add(new UpstreamPool(loop, flushTurn, connectors.get(i), most));
    }
    ExchangeServices services =
        new ExchangeServices(
            loop,
            routes,
            List.copyOf(pools),
            local,
            observer(settings, loops.size()),
            settings.limits(),
            settings.heartbeat(),
            new DeadlineSweep(),
            new RequestIds(),
            new TokenFactors(),
            new Admission(allowances, lane(loops.size()), isStrict(settings)),
            new Identification(access));
    LoopDownstreams downstreams = new LoopDownstreams(services, flushTurn);
    services.deadlines().also(downstreams::closeIdle);
    services.deadlines().also(() -> pools.forEach(pool -> pool.tend(System.nanoTime())));
    services.deadlines().start(loop);
    return new Loop(loop, services, downstreams, pools);
  }

  private @Nullable Lane lane(int index) {
    return ledger == null ? null : ledger.lane(index);
  }

  private static boolean isStrict(Settings settings) {
    return settings.ledger() != null && settings.ledger().durability() == Durability.STRICT;
  }

  private Observer observer(Settings settings, int index) {
    return logging == null || settings.logging().requests() == Requests.NONE
        ? metrics.loop(index)
        : Observers.of(metrics.loop(index), new RequestLog());
  }

  private List<Connector> connectors(Settings settings, Sockets sockets) throws IOException {
    List<Connector> connectors = new ArrayList<>();
    for (ProviderSettings provider : settings.providers()) {
      Upstream upstream = Upstream.of(provider, connectors.size());
      SslContext tls = upstream.tls() ? owned(Tls.client(provider)) : null;
      connectors.add(
          new Connector(upstream, sockets, resolver, tls, provider.timeouts().connect()));
    }
    return connectors;
  }

  private Listener.Connections connections(Settings settings) {
    IdentityHashMap<EventLoop, LoopDownstreams> byLoop = new IdentityHashMap<>();
    loops.forEach(loop -> byLoop.put(loop.loop(), loop.downstreams()));
    return new Listener.Connections(byLoop, settings.limits().maxConnections());
  }

  private static int loopCount(Settings settings) {
    int wanted = settings.sockets().eventLoops();
    return wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
  }

  private static List<String> providers(Settings settings) {
    return settings.providers().stream().map(ProviderSettings::name).toList();
  }

  private static List<String> models(Routes routes) {
    return routes.entries().stream()
        .flatMap(entry -> entry.route().targets().stream())
        .map(Target::model)
        .distinct()
        .toList();
  }

  private int sum(ToIntFunction<Loop> count) {
    int sum = 0;
    for (Loop loop : loops) {
      sum += loop.loop().submit(() -> count.applyAsInt(loop)).syncUninterruptibly().getNow();
    }
    return sum;
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
