package io.llmproxy.proxy.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A queue of fixed length from one event loop to the ledger's writer. One thread adds, one takes;
/// neither waits for the other.
final class Ring {
  private static final VarHandle TAIL = handle("tail");
  private static final VarHandle HEAD = handle("head");
  private static final VarHandle DURABLE = handle("durable");

  private final int mask;
  private final @Nullable Posting[] waiting;
  private final Blanks blanks = new Blanks();

  // Written through the handles: tail by the lane, the others by the writer.
  @SuppressWarnings("UnusedVariable")
  private long tail;

  @SuppressWarnings("UnusedVariable")
  private long head;

  @SuppressWarnings("UnusedVariable")
  private long durable;

  /// @param capacity a power of two
  Ring(int capacity) {
    mask = capacity - 1;
    waiting = new Posting[capacity];
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

  /// The lane's thread: one to be filled and added.
  Posting blank() {
    Posting written = blanks.take();
    return written == null ? new Posting() : written;
  }

  /// The lane's thread; there must be room.
  void add(Posting posting) {
    long at = added();
    waiting[(int) at & mask] = posting;
    TAIL.setRelease(this, at + 1);
  }

  /// The writer's thread: takes at most so many, which are `taker`'s for its call, and gives how
  /// many.
  int take(int most, Consumer<Posting> taker) {
    long from = (long) HEAD.getOpaque(this);
    long to = Math.min((long) TAIL.getAcquire(this), from + most);
    for (long at = from; at < to; at++) {
      int slot = (int) at & mask;
      Posting posting = waiting[slot];
      if (posting == null) {
        throw new IllegalStateException("an empty slot at " + at);
      }
      waiting[slot] = null;
      taker.accept(posting);
      blanks.give(posting);
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
