package io.llmproxy.proxy.ledger;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Someone who waits until the first so many records of a lane are on disk.
record Waiter(long position, Executor executor, Consumer<Boolean> then) {

  void tell(boolean durable) {
    try {
      executor.execute(() -> then.accept(durable));
    } catch (RejectedExecutionException _) {
      // Its event loop is gone, and with it the caller that would have been told.
    }
  }
}
