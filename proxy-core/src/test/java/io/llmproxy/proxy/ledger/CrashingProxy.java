package io.llmproxy.proxy.ledger;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// A process that writes to a ledger until it is killed, and prints the name of each settlement it
/// was told is on disk.
final class CrashingProxy {
  private static final long NANOS_OF_MILLI = 1_000_000;
  private static final long PAUSE_NANOS = NANOS_OF_MILLI;

  private CrashingProxy() {}

  /// Arguments: the ledger's directory, and what the names of its requests begin with.
  public static void main(String[] args) throws LedgerException {
    long begin = System.nanoTime();
    Ledger ledger = Ledger.open(Scene.strict(Path.of(args[0])), 2);
    System.out.println("READY " + (System.nanoTime() - begin) / NANOS_OF_MILLI);
    ConcurrentLinkedQueue<String> durable = new ConcurrentLinkedQueue<>();
    for (int i = 0; ; i++) {
      write(ledger.lane(i % 2), args[1] + "-" + i, i, durable);
      for (String name = durable.poll(); name != null; name = durable.poll()) {
        System.out.println("DURABLE " + name);
      }
      System.out.flush();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static void write(Lane lane, String name, int i, ConcurrentLinkedQueue<String> durable) {
    long id = lane.reserve(Scene.entry(name, 1_000));
    if (i % 7 == 0) {
      return;
    }
    if (i % 11 == 0) {
      lane.release(id);
      return;
    }
    lane.settle(id, Scene.cost(500));
    lane.whenDurable(
        Runnable::run,
        is -> {
          if (is) {
            durable.add(name);
          }
        });
  }
}
