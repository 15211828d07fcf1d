package io.llmproxy.proxy.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A queue of fixed length from one event loop to the ledger's writer. One thread adds, one takes;
/// neither waits for the other.
final class Ring {
  private static final VarHandle TAIL = handle("tail");
  private static final VarHandle HEAD = handle("head");
  private static final VarHandle DURABLE = handle("durable");

  private final int mask;
  private final long[] ids;
  private final RecordKind[] kinds;
  private final @Nullable Entry[] entries;
  private final @Nullable Settlement[] settlements;

  // Written through the handles: tail by the lane, the others by the writer.
  @SuppressWarnings("UnusedVariable")
  private long tail;

  @SuppressWarnings("UnusedVariable")
  private long head;

  @SuppressWarnings("UnusedVariable")
  private long durable;

  /// Takes what a ring gives.
  interface Taker {
    void take(RecordKind kind, long id, Entry entry, @Nullable Settlement settlement);
  }

  /// @param capacity a power of two
  Ring(int capacity) {
    mask = capacity - 1;
    ids = new long[capacity];
    kinds = new RecordKind[capacity];
    entries = new Entry[capacity];
    settlements = new Settlement[capacity];
  }

  int capacity() {
    return mask + 1;
  }

  /// How much waits. Exact on the lane's thread, but for what is taken meanwhile.
  int size() {
    return (int) ((long) TAIL.getOpaque(this) - (long) HEAD.getAcquire(this));
  }

  /// How many records were ever added: the lane's thread.
  long added() {
    return (long) TAIL.getOpaque(this);
  }

  /// The lane's thread; there must be room.
  void add(RecordKind kind, long id, Entry entry, @Nullable Settlement settlement) {
    long at = added();
    int slot = (int) at & mask;
    kinds[slot] = kind;
    ids[slot] = id;
    entries[slot] = entry;
    settlements[slot] = settlement;
    TAIL.setRelease(this, at + 1);
  }

  /// The writer's thread: takes at most so many, and gives how many.
  int take(int most, Taker taker) {
    long from = (long) HEAD.getOpaque(this);
    long to = Math.min((long) TAIL.getAcquire(this), from + most);
    for (long at = from; at < to; at++) {
      int slot = (int) at & mask;
      Entry entry = entries[slot];
      if (entry == null) {
        throw new IllegalStateException("an empty slot at " + at);
      }
      taker.take(kinds[slot], ids[slot], entry, settlements[slot]);
      entries[slot] = null;
      settlements[slot] = null;
    }
    HEAD.setRelease(this, to);
    return (int) (to - from);
  }

  /// The writer's thread: all that was taken is on disk.
  void markDurable() {
    DURABLE.setRelease(this, (long) HEAD.getOpaque(this));
  }

  /// How many records are on disk.
  long durable() {
    return (long) DURABLE.getAcquire(this);
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(Ring.class, field, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
