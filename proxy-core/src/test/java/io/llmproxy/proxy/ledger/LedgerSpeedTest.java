package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How fast records get to disk, and how long a million of them hold up a start. The figures of
/// docs/ledger.md are what this prints.
final class LedgerSpeedTest {
  private static final int RECORDS = 1_000_000;

  @TempDir private Path dir;

  @Test
  @Tag("long")
  void aMillionRecordsAreWrittenAndReadAgain() throws Exception {
    long written = System.nanoTime();
    try (Ledger ledger = Ledger.open(Scene.batched(dir), 2)) {
      write(ledger);
    }
    written = System.nanoTime() - written;
    long opened = System.nanoTime();
    try (Ledger ledger = Ledger.open(Scene.batched(dir), 2)) {
      long recovered = System.nanoTime() - opened;
      Spent spent = ledger.spentSince(0, 0, 0);
      long summed = System.nanoTime() - opened - recovered;
      System.out.printf(
          "%,d records to disk: %,d a second; start: %,d ms to recover, %,d ms to sum%n",
          RECORDS, RECORDS * 1_000L / millis(written), millis(recovered), millis(summed));
      assertThat(spent.total().month()).isEqualTo(RECORDS / 2 * 5L);
    }
    assertThat(Scene.verdict(dir).mismatches()).isEmpty();
  }

  private static void write(Ledger ledger) throws InterruptedException {
    Thread[] loops = new Thread[2];
    for (int i = 0; i < loops.length; i++) {
      Lane lane = ledger.lane(i);
      loops[i] = Thread.ofPlatform().start(() -> fill(lane));
    }
    for (Thread loop : loops) {
      loop.join();
    }
  }

  private static void fill(Lane lane) {
    for (int i = 0; i < RECORDS / 4; i++) {
      Entry entry = Scene.entry("request-" + i, 10);
      long id = lane.reserve(entry);
      while (id == Lane.FULL) {
        LockSupport.parkNanos(100_000);
        id = lane.reserve(entry);
      }
      lane.settle(id, Scene.cost(5));
    }
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
