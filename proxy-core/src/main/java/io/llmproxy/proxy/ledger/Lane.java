package io.llmproxy.proxy.ledger;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one event loop writes to the ledger: on that loop's thread alone, without waiting, and
/// without allocating but for those who wait for the disk.
///
/// An id names the lane's slot, the lane and a serial number, so that an id which ended is told
/// from the one that took its slot.
public final class Lane {
  /// No reservation: the ledger cannot take it.
  public static final long FULL = 0;

  static final int MAX_LANES = 1 << 10;
  private static final int SLOT_BITS = 20;
  private static final int LANE_BITS = 10;
  static final int MAX_ROOM = 1 << SLOT_BITS;

  private final int index;
  private final Ring ring;
  private final Doorbell doorbell;
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final @Nullable Posting[] open;
  private final int[] free;
  private int freeCount;
  private long serial;

  Lane(int index, Ring ring, Doorbell doorbell) {
    this.index = index;
    this.ring = ring;
    this.doorbell = doorbell;
    int room = ring.capacity();
    open = new Posting[room];
    free = new int[room];
    freeCount = room;
    for (int i = 0; i < room; i++) {
      free[i] = room - 1 - i;
    }
  }

  /// Notes a reservation and sets room aside for its end. Gives its id, which is greater than 0, or
  /// [#FULL] where the ledger cannot take it: the request must then be refused.
  public long reserve(Entry entry) {
    int openCount = open.length - freeCount;
    if (doorbell.refuses() || ring.size() + openCount + 2 > ring.capacity()) {
      return FULL;
    }
    int slot = free[--freeCount];
    long id = ++serial << (SLOT_BITS + LANE_BITS) | (long) index << SLOT_BITS | slot;
    Posting kept = open[slot];
    if (kept == null) {
      kept = new Posting();
      open[slot] = kept;
    }
    kept.reserve(id, entry);
    Posting posting = ring.blank();
    posting.reserve(id, entry);
    add(posting);
    return id;
  }

  /// Ends a reservation with what was spent.
  ///
  /// @throws IllegalStateException where it ended before; nothing is written then
  public void settle(long id, Settlement settlement) {
    Posting kept = kept(id);
    Posting posting = ring.blank();
    posting.settle(kept, settlement);
    end(id, kept);
    add(posting);
  }

  /// Ends a reservation; nothing was spent.
  ///
  /// @throws IllegalStateException where it ended before; nothing is written then
  public void release(long id) {
    Posting kept = kept(id);
    Posting posting = ring.blank();
    posting.release(kept);
    end(id, kept);
    add(posting);
  }

  private Posting kept(long id) {
    int slot = slot(id);
    Posting kept = slot < open.length ? open[slot] : null;
    if (kept == null || !kept.is(id)) {
      throw new IllegalStateException("reservation " + id + " is not open in lane " + index);
    }
    return kept;
  }

  private void end(long id, Posting kept) {
    kept.forget();
    free[freeCount++] = slot(id);
  }

  private static int slot(long id) {
    return (int) id & (MAX_ROOM - 1);
  }

  private void add(Posting posting) {
    ring.add(posting);
    doorbell.ring();
  }

  /// Runs `then` on `executor` when everything this lane wrote so far is on disk. It gets whether
  /// it is: false where the disk failed, or the ledger was closed before; what was written is then
  /// still kept, and tried again for as long as the process lives.
  public void whenDurable(Executor executor, Consumer<Boolean> then) {
    Waiter waiter = new Waiter(ring.added(), executor, then);
    if (ring.durable() >= waiter.position()) {
      waiter.tell(true);
      return;
    }
    waiters.add(waiter);
    doorbell.ring();
    if (doorbell.isSilent() && waiters.remove(waiter)) {
      waiter.tell(false);
    }
  }

  Ring ring() {
    return ring;
  }

  /// The writer's thread: tells those whose records are on disk, and where `failed` the others that
  /// they are not.
  void tellWaiters(boolean failed) {
    long durable = ring.durable();
    for (Waiter waiter = waiters.peek(); waiter != null; waiter = waiters.peek()) {
      boolean is = durable >= waiter.position();
      if (!is && !failed) {
        return;
      }
      if (waiters.remove(waiter)) {
        waiter.tell(is);
      }
    }
  }

  /// The writer's thread: whether anyone waits for the disk.
  boolean isWaitedFor() {
    return !waiters.isEmpty();
  }
}
