package io.llmproxy.proxy.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Postings that were written, on their way from the writer back to the lane. One thread gives, one
/// takes; neither waits for the other.
final class Blanks {
  private static final VarHandle GIVEN = handle("given");
  private static final VarHandle TAKEN = handle("taken");

  /// As many as the writer takes at a time: what is beyond is left to the garbage collector.
  private static final int MOST = Writer.MAX_BATCH;

  private final @Nullable Posting[] postings = new Posting[MOST];

  // Written through the handles: the one by the writer, the other by the lane.
  @SuppressWarnings("UnusedVariable")
  private long given;

  @SuppressWarnings("UnusedVariable")
  private long taken;

  /// The writer's thread.
  void give(Posting posting) {
    long at = (long) GIVEN.getOpaque(this);
    if (at - (long) TAKEN.getAcquire(this) < MOST) {
      postings[slot(at)] = posting;
      GIVEN.setRelease(this, at + 1);
    }
  }

  /// The lane's thread: null where there is none.
  @Nullable Posting take() {
    long at = (long) TAKEN.getOpaque(this);
    if (at == (long) GIVEN.getAcquire(this)) {
      return null;
    }
    Posting posting = postings[slot(at)];
    TAKEN.setRelease(this, at + 1);
    return posting;
  }

  private static int slot(long at) {
    return (int) at & (MOST - 1);
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(Blanks.class, field, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
