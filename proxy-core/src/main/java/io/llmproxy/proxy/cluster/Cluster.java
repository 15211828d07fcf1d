package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.budget.Budget;
import io.llmproxy.proxy.budget.PeriodClock;
import io.llmproxy.proxy.config.ClusterSettings;
import io.llmproxy.proxy.lease.Lease;
import io.llmproxy.proxy.lease.Lender;
import io.llmproxy.proxy.lease.Sharing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/// The proxies that share limits and budgets with this one, through one Redis.
public final class Cluster implements Sharing, AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(Cluster.class);

  /// Longer than a new Redis takes to lend.
  private static final long FIRST_MILLIS = Duration.ofSeconds(5).toMillis();

  private static final long CLOSING_MILLIS = Duration.ofSeconds(2).toMillis();

  private final Syncer syncer;
  private final Thread thread;

  private Cluster(Syncer syncer) {
    this.syncer = syncer;
    this.thread = Thread.ofPlatform().name("cluster").daemon().unstarted(syncer);
  }

  /// Begins to speak to Redis; waits for nothing.
  ///
  /// @param port where this proxy listens, which with its host is its name, if it has no other
  /// @param remembers whether this proxy, begun again, knows what it has spent: then it takes over
  ///   its lease; else it is another one each time, and the lease of the one before stays spent
  public static Cluster start(
      ClusterSettings settings, int port, boolean remembers, PeriodClock clock) {
    String name = settings.node() == null ? hostName() + ":" + port : settings.node();
    String node = remembers ? name : name + "/" + UUID.randomUUID();
    return start(new RedisStore(settings), node, clock);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }

  static Cluster start(Store store, String node, PeriodClock clock) {
    Cluster cluster = new Cluster(new Syncer(store, node, UUID.randomUUID().toString(), clock));
    cluster.thread.start();
    return cluster;
  }

  /// From now on no more of `budget` may be held than the others leave. To be called before
  /// anything of it is. Any thread.
  ///
  /// @param soft how far beyond its lease this proxy may go in each period while Redis is away,
  ///   nano-dollars
  public void share(Budget budget, long soft) {
    SharedBudget shared = new SharedBudget(budget, soft, syncer);
    budget.shareBy(shared);
    shared.used();
    syncer.wake();
  }

  @Override
  public Lender shareRate(String key, long limit, long least, Lease lease) {
    return share(new Terms(Kind.RATE, key, limit, 0, least, 0), lease);
  }

  @Override
  public Lender shareSlots(String key, long limit, Lease lease) {
    return share(new Terms(Kind.SLOTS, key, limit, 0, 1, 0), lease);
  }

  private Lender share(Terms terms, Lease lease) {
    Loan loan = new Loan(terms, lease, System.nanoTime());
    loan.lendStandby(syncer.proxies());
    Shared shared = new SharedLimit(terms.kind(), loan, syncer);
    shared.used();
    return shared;
  }

  /// Waits until something may be spent, for a bounded time: without Redis a proxy begins, too.
  public void awaitFirst() {
    try {
      if (!syncer.awaitFirst(FIRST_MILLIS)) {
        LOG.warn(
            "cluster: nothing heard from Redis yet; until then shared budgets give nothing, shared"
                + " limits a tenth");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether Redis answers. Any thread.
  public boolean isConnected() {
    return syncer.isConnected();
  }

  /// Gives back what is left of the leases. Blocks, for two seconds at most.
  @Override
  public void close() {
    syncer.close();
    try {
      thread.join(CLOSING_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
