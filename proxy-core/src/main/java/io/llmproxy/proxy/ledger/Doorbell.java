package io.llmproxy.proxy.ledger;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How lanes wake the writer, and how it tells them that it takes nothing new. A writer that is
/// awake costs a lane one fence.
final class Doorbell {
  private volatile boolean asleep;
  private volatile boolean refuses;
  private volatile boolean silent;
  private volatile @Nullable Thread sleeper;

  /// Any thread: there is something to do.
  void ring() {
    // What was added must be seen by a writer that looks once more before it sleeps.
    VarHandle.fullFence();
    if (asleep) {
      asleep = false;
      LockSupport.unpark(sleeper);
    }
  }

  /// The writer: whoever rings from now on wakes it. It looks once more, and then calls [#sleep].
  void listen() {
    sleeper = Thread.currentThread();
    asleep = true;
    VarHandle.fullFence();
  }

  /// The writer: until someone rings, or the time is over; no time where it found something.
  void sleep(long nanos) {
    if (asleep && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep = false;
  }

  boolean refuses() {
    return refuses;
  }

  /// Whether the writer ended, and nobody hears.
  boolean isSilent() {
    return silent;
  }

  /// The writer: nobody hears from now on.
  void silence() {
    refuses = true;
    silent = true;
  }

  /// The writer: whether new reservations are refused.
  void refuse(boolean all) {
    refuses = all;
  }
}
