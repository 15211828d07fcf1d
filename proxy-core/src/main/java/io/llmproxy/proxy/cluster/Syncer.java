package io.llmproxy.proxy.cluster;

import io.llmproxy.proxy.budget.PeriodClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/// The one thread that speaks to the store: ten times a second, and whenever a request was refused
/// for want of a lease.
final class Syncer implements Runnable {
  private static final Logger LOG = LogManager.getLogger(Syncer.class);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /// Between two calls, however many are refused meanwhile.
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// After how long the store is told again what it knows, so that it can tell who is short: longer
  /// where there is much to tell.
  private static final long SAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long SAY_EACH_NANOS = TimeUnit.MICROSECONDS.toNanos(250);
  private static final int MOST_AT_ONCE = 200;

  private final Store store;
  private final String node;
  private final String newEpoch;
  private final PeriodClock clock;
  private final Breaker breaker = new Breaker();
  private final Queue<Shared> fresh = new ConcurrentLinkedQueue<>();
  private final Set<Shared> active = new HashSet<>();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean woken;
  private volatile boolean closing;
  private volatile boolean connected;
  private volatile @Nullable Thread thread;
  private String epoch = "";
  private long run;
  private long seq;
  private long heard;
  private long calledNanos;
  private boolean published;
  private boolean superseded;
  private boolean saidAway;
  private volatile int proxies = 1;

  /// @param newEpoch a text that no other proxy thinks of
  Syncer(Store store, String node, String newEpoch, PeriodClock clock) {
    this.store = store;
    this.node = node;
    this.newEpoch = newEpoch;
    this.clock = clock;
  }

  /// Any thread: something shared that is used.
  void list(Shared budget) {
    fresh.add(budget);
  }

  /// Any thread: there is something to ask for.
  void wake() {
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  /// How many share, as far as is known. Any thread.
  int proxies() {
    return proxies;
  }

  /// Whether the store answers. Any thread.
  boolean isConnected() {
    return connected;
  }

  /// Waits until the store has said once what may be spent, or for so long; whether it has.
  boolean awaitFirst(long millis) throws InterruptedException {
    return settled.await(millis, TimeUnit.MILLISECONDS);
  }

  void close() {
    closing = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      while (!closing) {
        woken = false;
        round(System.nanoTime());
        park();
      }
      giveAllBack();
    } finally {
      store.close();
    }
  }

  private void park() {
    long called = System.nanoTime();
    if (!woken && !closing) {
      LockSupport.parkNanos(this, ROUND_NANOS);
    }
    long early = LEAST_NANOS - (System.nanoTime() - called);
    if (early > 0 && !closing) {
      LockSupport.parkNanos(this, early);
    }
  }

  private void round(long now) {
    listFresh(now);
    if (superseded) {
      return;
    }
    if (!breaker.lets(now)) {
      unaided(now);
      return;
    }
    try {
      if (breaker.isOpen()) {
        // Whether it answers again is to be known before what is lent without it is taken back.
        call(List.of());
        wake();
      } else if (published) {
        say(now);
      } else {
        publish();
      }
      worked();
    } catch (StoreException e) {
      failed(e, now);
    }
  }

  private void listFresh(long now) {
    for (Shared each = fresh.poll(); each != null; each = fresh.poll()) {
      each.listed(true, now);
      active.add(each);
    }
  }

  /// Says what this proxy holds to a store that does not know.
  private void publish() throws StoreException {
    List<Line> lines = new ArrayList<>();
    long nowMillis = clock.millis();
    loans().forEach(loan -> lines.add(new Line(loan, loan.publish(nowMillis))));
    // Where the epoch is not known the first call brings it, and the next round says all again.
    published = call(lines);
    wake();
  }

  private void say(long now) throws StoreException {
    List<Line> lines = new ArrayList<>();
    long nowMillis = clock.millis();
    List<Loan> loans = loans();
    long sayNanos = Math.max(SAY_NANOS, loans.size() * SAY_EACH_NANOS);
    for (Loan loan : loans) {
      Ask ask = loan.ask(now, nowMillis, sayNanos);
      if (ask != null) {
        lines.add(new Line(loan, ask));
      }
    }
    retire(now, nowMillis, lines);
    if (!lines.isEmpty() || now - calledNanos >= BEAT_NANOS) {
      call(lines);
    }
  }

  /// Those that nobody uses any more give back what they have and leave the list.
  private void retire(long now, long nowMillis, List<Line> lines) {
    for (Shared each : List.copyOf(active)) {
      if (each.isIdle(now, nowMillis)) {
        for (Loan loan : each.loans(now, nowMillis)) {
          lines.add(new Line(loan, loan.giveBack(nowMillis)));
          loan.begin(proxies);
        }
        active.remove(each);
        each.listed(false, now);
      }
    }
  }

  private List<Loan> loans() {
    List<Loan> all = new ArrayList<>();
    long now = System.nanoTime();
    long nowMillis = clock.millis();
    active.forEach(shared -> all.addAll(shared.loans(now, nowMillis)));
    return all;
  }

  /// False where the store has another epoch, which is then known.
  private boolean call(List<Line> lines) throws StoreException {
    int from = 0;
    do {
      List<Line> some = lines.subList(from, Math.min(lines.size(), from + MOST_AT_ONCE));
      List<Ask> asks = some.stream().map(Line::ask).toList();
      calledNanos = System.nanoTime();
      switch (store.call(new Call(node, run, ++seq, heard, epoch, newEpoch, asks))) {
        case Reply.Leases leases -> told(leases, some);
        case Reply.OtherEpoch(String now, long nowMillis) -> {
          begin(now, nowMillis);
          return false;
        }
        case Reply.Superseded _ -> {
          supersede();
          return true;
        }
      }
      from += some.size();
    } while (from < lines.size());
    return true;
  }

  private void told(Reply.Leases leases, List<Line> lines) {
    heard = seq;
    proxies = Math.max(1, leases.proxies());
    for (int i = 0; i < leases.told().size(); i++) {
      lines.get(i).told(leases.told().get(i), leases.learning(), calledNanos);
    }
    if (!leases.learning() && published) {
      settled.countDown();
    }
  }

  private void begin(String newer, long nowMillis) {
    if (!epoch.isEmpty()) {
      LOG.warn("cluster: Redis has lost what it knew; this proxy says its leases again");
    }
    epoch = newer;
    heard = 0;
    published = false;
    run = run == 0 ? nowMillis : run;
  }

  private void supersede() {
    superseded = true;
    LOG.error(
        "cluster: another proxy began under the name {}; what is shared gives this one nothing more."
            + " Give cluster.node a name of its own",
        node);
    loans().forEach(Loan::revoke);
  }

  private void worked() {
    breaker.worked();
    if (!connected) {
      connected = true;
      saidAway = false;
      LOG.info("cluster: Redis answers");
    }
  }

  private void failed(StoreException e, long now) {
    breaker.failed(now);
    if (!saidAway) {
      saidAway = true;
      LOG.warn("cluster: Redis does not answer ({}); leases are used up meanwhile", e.getMessage());
    }
    connected = false;
    unaided(now);
  }

  private void unaided(long now) {
    if (breaker.isOpen()) {
      loans().forEach(loan -> loan.unaided().lend(now, proxies));
    }
  }

  private void giveAllBack() {
    if (superseded || !connected || !published) {
      return;
    }
    List<Line> lines = new ArrayList<>();
    long nowMillis = clock.millis();
    loans().forEach(loan -> lines.add(new Line(loan, loan.giveBack(nowMillis))));
    try {
      call(lines);
    } catch (StoreException e) {
      LOG.warn("cluster: what is left of the leases was not given back ({})", e.getMessage());
    }
  }
}
