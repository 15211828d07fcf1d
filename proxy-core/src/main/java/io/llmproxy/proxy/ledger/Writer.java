package io.llmproxy.proxy.ledger;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/// The one thread that writes: it gathers what the lanes have, commits it together, and tells who
/// waited. A batch that the disk does not take is kept and tried until it does.
final class Writer implements Runnable {
  private static final Logger LOG = LogManager.getLogger(Writer.class);

  /// A power of two.
  static final int MAX_BATCH = 4_096;

  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Store store;
  private final SpareFile spare;
  private final Doorbell doorbell;
  private final List<Lane> lanes;
  private final Pace pace;
  private final Batch batch = new Batch();
  private volatile LedgerState state = LedgerState.GOOD;
  private volatile long writingSince;
  private volatile Written written = Written.NOTHING;
  private volatile boolean closing;
  private volatile long closingSince;
  private boolean broken;
  private int first;

  /// How long it gathers before it writes, and whether lanes take nothing while the disk fails.
  record Pace(long gatherNanos, boolean refusesWhileFailing) {}

  Writer(Store store, SpareFile spare, Doorbell doorbell, List<Lane> lanes, Pace pace) {
    this.store = store;
    this.spare = spare;
    this.doorbell = doorbell;
    this.lanes = lanes;
    this.pace = pace;
  }

  @Override
  public void run() {
    try {
      while (turn()) {
        first = (first + 1) % lanes.size();
      }
    } catch (RuntimeException e) {
      LOG.error("ledger: its writer ends, {} records are lost", batch.size(), e);
      state = new LedgerState.Failing("its writer ended: " + e);
    } finally {
      doorbell.silence();
      lanes.forEach(lane -> lane.tellWaiters(true));
      store.close();
    }
  }

  /// One round; false after the last.
  private boolean turn() {
    boolean last = closing;
    if (gather() == 0) {
      lanes.forEach(lane -> lane.tellWaiters(false));
      if (!last) {
        doorbell.listen();
        doorbell.sleep(isIdle() ? IDLE_NANOS : 0);
      }
      return !last;
    }
    if (!last) {
      gatherOn();
    }
    return write();
  }

  /// Looks again and again meanwhile, so that the lanes' room is free for what comes.
  private void gatherOn() {
    long end = System.nanoTime() + pace.gatherNanos();
    long left = pace.gatherNanos();
    while (left > 0 && batch.size() < MAX_BATCH && !closing) {
      LockSupport.parkNanos(this, Math.min(left, LOOK_NANOS));
      gather();
      left = end - System.nanoTime();
    }
  }

  private boolean isIdle() {
    for (Lane lane : lanes) {
      // Who began to wait before it listened has rung in vain.
      if (lane.ring().size() > 0 || lane.isWaitedFor()) {
        return false;
      }
    }
    return !closing;
  }

  /// Another lane is the first each time, so that none is forgotten behind a busy one.
  private int gather() {
    for (int i = 0; i < lanes.size(); i++) {
      Ring ring = lanes.get((first + i) % lanes.size()).ring();
      ring.take(MAX_BATCH - batch.size(), this::add);
    }
    return batch.size();
  }

  private void add(Posting posting) {
    batch.add(posting.row(store.epoch()));
  }

  /// Until the batch is on disk; false where the process ends before.
  private boolean write() {
    long pause = FIRST_RETRY_NANOS;
    while (!tryWrite()) {
      if (spare.giveUp()) {
        continue;
      }
      lanes.forEach(lane -> lane.tellWaiters(true));
      if (closing && System.nanoTime() - closingSince > CLOSING_NANOS) {
        LOG.error("ledger: {} records are lost, the disk did not take them", batch.size());
        return false;
      }
      waitFor(pause);
      pause = Math.min(2 * pause, LAST_RETRY_NANOS);
    }
    batch.clear();
    for (Lane lane : lanes) {
      lane.ring().markDurable();
      lane.tellWaiters(false);
    }
    return true;
  }

  private boolean tryWrite() {
    writingSince = System.nanoTime() | 1;
    try {
      if (broken) {
        store.reopen();
        broken = false;
      }
      if (!(state instanceof LedgerState.Failing) || !store.isThere()) {
        store.commit(batch.rows());
      }
      written = written.plus(batch.rows(), System.nanoTime() - writingSince);
      recovered();
      return true;
    } catch (SQLException e) {
      boolean full = Database.isFull(e);
      broken |= !full;
      failed(full ? "the disk is full" : String.valueOf(e.getMessage()));
      return false;
    } catch (LedgerException e) {
      broken = true;
      failed(String.valueOf(e.getMessage()));
      return false;
    } finally {
      writingSince = 0;
    }
  }

  private void failed(String reason) {
    String line = reason.lines().findFirst().orElse("no reason given");
    if (!(state instanceof LedgerState.Failing)) {
      LOG.error("ledger: cannot be written, what is spent is kept in memory: {}", line);
    }
    state = new LedgerState.Failing(line);
    doorbell.refuse(pace.refusesWhileFailing());
  }

  private void recovered() {
    if (state instanceof LedgerState.Failing) {
      LOG.warn("ledger: is written again, nothing was lost");
      state = LedgerState.GOOD;
      doorbell.refuse(false);
      spare.keep();
    }
  }

  /// Those who ask for the disk meanwhile are told soon that it fails.
  private void waitFor(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      lanes.forEach(lane -> lane.tellWaiters(true));
    }
  }

  /// Any thread.
  LedgerState state() {
    LedgerState now = state;
    long since = writingSince;
    long nanos = since == 0 ? 0 : System.nanoTime() - since;
    return now instanceof LedgerState.Good && nanos > SLOW_NANOS
        ? new LedgerState.Lagging(
            "the disk has not answered for " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms")
        : now;
  }

  /// Any thread.
  Written written() {
    return written;
  }

  /// Any thread: writes what is queued, then ends.
  void close() {
    closingSince = System.nanoTime();
    closing = true;
    doorbell.ring();
  }
}
