package io.llmproxy.bench.simulator;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/// The clock of one event loop: a wheel of slots, one a tick, each a list of what is due then.
///
/// Everything due in a tick runs in one go, then each connection it wrote to is flushed once. The
/// loop is not woken while nothing is due. Used on its event loop only.
final class Ticker {

  /// A connection with something to flush.
  interface Flushable {
    void flushNow();
  }

  private static final Logger LOG = LogManager.getLogger(Ticker.class);
  private static final int SLOTS = 2048;

  private final EventLoop loop;
  private final long tickNanos;
  private final long origin = System.nanoTime();
  private final @Nullable OpenReply[] slots = new OpenReply[SLOTS];
  private final List<Flushable> dirty = new ArrayList<>();
  private final Runnable run = this::run;

  private long lastTick = -1;
  private long scheduledTick = Long.MAX_VALUE;
  private int waiting;
  private boolean running;

  Ticker(EventLoop loop, long tickNanos) {
    this.loop = loop;
    this.tickNanos = tickNanos;
  }

  EventLoop loop() {
    return loop;
  }

  /// Calls `waiter` at the first tick not before `nanoTime`. It waits for one time at most.
  void at(OpenReply waiter, long nanoTime) {
    long tick = Math.max(lastTick + 1, -Math.floorDiv(origin - nanoTime, tickNanos));
    waiter.waitsForTick = tick;
    int slot = (int) (tick & (SLOTS - 1));
    waiter.nextWaiter = slots[slot];
    slots[slot] = waiter;
    waiting++;
    if (tick < scheduledTick) {
      schedule(tick);
    }
  }

  /// Notes a connection to flush at this tick's end; false outside of a tick, when whoever writes
  /// flushes.
  boolean touch(Flushable connection) {
    return running && dirty.add(connection);
  }

  private void schedule(long tick) {
    scheduledTick = tick;
    long delay = origin + tick * tickNanos - System.nanoTime();
    loop.schedule(run, Math.max(0, delay), TimeUnit.NANOSECONDS);
  }

  private void run() {
    long now = System.nanoTime();
    long current = (now - origin) / tickNanos;
    if (current < scheduledTick) {
      return; // a nearer tick came in between and took this one's place
    }
    scheduledTick = Long.MAX_VALUE;
    running = true;
    long from = Math.max(lastTick + 1, current - SLOTS + 1);
    lastTick = current;
    for (long tick = from; tick <= current; tick++) {
      runSlot((int) (tick & (SLOTS - 1)), current, now);
    }
    flush();
    running = false;
    scheduleNext();
  }

  private void runSlot(int slot, long current, long now) {
    OpenReply waiter = slots[slot];
    slots[slot] = null;
    while (waiter != null) {
      OpenReply next = waiter.nextWaiter;
      waiter.nextWaiter = null;
      if (waiter.waitsForTick <= current) {
        waiting--;
        due(waiter, now);
      } else {
        waiter.nextWaiter = slots[slot];
        slots[slot] = waiter;
      }
      waiter = next;
    }
  }

  /// What goes wrong in one reply must not take along the others of its slot.
  private static void due(OpenReply waiter, long now) {
    try {
      waiter.due(now);
    } catch (RuntimeException e) {
      LOG.error("a simulated reply broke", e);
      waiter.broken();
    }
  }

  private void flush() {
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flushNow();
    }
    dirty.clear();
  }

  /// Sleeps until the next slot that holds anything; a waiter of a later round costs one look.
  private void scheduleNext() {
    if (waiting == 0) {
      return;
    }
    long tick = lastTick + 1;
    while (slots[(int) (tick & (SLOTS - 1))] == null) {
      tick++;
    }
    if (tick < scheduledTick) {
      schedule(tick);
    }
  }
}
