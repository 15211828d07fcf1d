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
  private static final int MOST_AT_ONCE = 200;

  private final Store store;
  private final String node;
  private final String newEpoch;
  private final PeriodClock clock;
  private final Breaker breaker = new Breaker();
  private final Queue<SharedBudget> fresh = new ConcurrentLinkedQueue<>();
  private final Set<SharedBudget> active = new HashSet<>();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean woken;
  private volatile boolean closing;
  private volatile boolean connected;
  private volatile @Nullable Thread thread;
  private String epoch = "";
  private long run;
  private long seq;
  private long calledNanos;
  private boolean published;
  private boolean superseded;
  private boolean saidAway;

  /// @param newEpoch a text that no other proxy thinks of
  Syncer(Store store, String node, String newEpoch, PeriodClock clock) {
    this.store = store;
    this.node = node;
    this.newEpoch = newEpoch;
    this.clock = clock;
  }

  /// Any thread: a budget that is used.
  void list(SharedBudget budget) {
    fresh.add(budget);
  }

  /// Any thread: there is something to ask for.
  void wake() {
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
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
        if (!woken && !closing) {
          LockSupport.parkNanos(this, ROUND_NANOS);
        }
      }
      giveAllBack();
    } finally {
      store.close();
    }
  }

  private void round(long now) {
    listFresh(now);
    if (superseded || !breaker.lets(now)) {
      return;
    }
    try {
      if (published) {
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
    for (SharedBudget each = fresh.poll(); each != null; each = fresh.poll()) {
      each.listed(true, now);
      active.add(each);
    }
  }

  /// Says what this proxy holds to a store that does not know.
  private void publish() throws StoreException {
    List<Loan> loans = loans();
    List<Ask> asks = new ArrayList<>();
    long nowMillis = clock.millis();
    loans.forEach(loan -> asks.add(loan.publish(nowMillis)));
    // Where the epoch is not known the first call brings it, and the next round says all again.
    published = call(loans, asks);
    wake();
  }

  private void say(long now) throws StoreException {
    List<Loan> loans = new ArrayList<>();
    List<Ask> asks = new ArrayList<>();
    long nowMillis = clock.millis();
    for (Loan loan : loans()) {
      loan.withdraw();
      Ask ask = loan.ask(now, nowMillis);
      if (ask != null) {
        loans.add(loan);
        asks.add(ask);
      }
    }
    retire(now, nowMillis, loans, asks);
    if (!asks.isEmpty() || now - calledNanos >= BEAT_NANOS) {
      call(loans, asks);
    }
  }

  /// Those that nobody uses any more give back what they have and leave the list.
  private void retire(long now, long nowMillis, List<Loan> loans, List<Ask> asks) {
    for (SharedBudget each : List.copyOf(active)) {
      if (each.isIdle(now)) {
        for (Loan loan : each.loans(now, nowMillis)) {
          loans.add(loan);
          asks.add(loan.giveBack(nowMillis));
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
    active.forEach(budget -> all.addAll(budget.loans(now, nowMillis)));
    return all;
  }

  /// False where the store has another epoch, which is then known.
  private boolean call(List<Loan> loans, List<Ask> asks) throws StoreException {
    int from = 0;
    do {
      int to = Math.min(asks.size(), from + MOST_AT_ONCE);
      calledNanos = System.nanoTime();
      switch (store.call(new Call(node, run, ++seq, epoch, newEpoch, asks.subList(from, to)))) {
        case Reply.Leases(boolean learning, List<Told> told) -> {
          if (!learning && published) {
            settled.countDown();
          }
          for (int i = 0; i < told.size(); i++) {
            loans.get(from + i).told(told.get(i), calledNanos);
          }
        }
        case Reply.OtherEpoch(String now, long nowMillis) -> {
          begin(now, nowMillis);
          return false;
        }
        case Reply.Superseded _ -> {
          supersede();
          return true;
        }
      }
      from = to;
    } while (from < asks.size());
    return true;
  }

  private void begin(String newer, long nowMillis) {
    if (!epoch.isEmpty()) {
      LOG.warn("cluster: Redis has lost what it knew; this proxy says its leases again");
    }
    epoch = newer;
    published = false;
    run = run == 0 ? nowMillis : run;
  }

  private void supersede() {
    superseded = true;
    LOG.error(
        "cluster: another proxy began under the name {}; shared budgets give this one nothing more."
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
    if (breaker.isOpen()) {
      loans().forEach(Loan::away);
    }
  }

  private void giveAllBack() {
    if (superseded || !connected || !published) {
      return;
    }
    List<Loan> loans = loans();
    List<Ask> asks = new ArrayList<>();
    long nowMillis = clock.millis();
    loans.forEach(loan -> asks.add(loan.giveBack(nowMillis)));
    try {
      call(loans, asks);
    } catch (StoreException e) {
      LOG.warn("cluster: what is left of the leases was not given back ({})", e.getMessage());
    }
  }
}
