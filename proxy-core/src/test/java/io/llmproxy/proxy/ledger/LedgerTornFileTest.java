package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files cut short and bits flipped: what a start then makes of them is what was committed up to
/// some point, or nothing at all with a message. Every sum it accepts is one that once was true.
final class LedgerTornFileTest {
  private static final int PAIRS = 60;
  private static final int TAIL = 4 << 10;
  private static final int LONG_TAIL = 64 << 10;
  private static final int SHORT_TRIES = 50;

  @TempDir private Path dir;

  private final Map<Long, Long> costByRecords = new HashMap<>();
  private Path live;
  private Path closed;
  private int accepted;
  private int refused;

  @BeforeEach
  void writeLedger() throws Exception {
    live = Files.createDirectory(dir.resolve("live"));
    closed = Files.createDirectory(dir.resolve("closed"));
    Path origin = Files.createDirectory(dir.resolve("origin"));
    costByRecords.put(0L, 0L);
    try (Ledger ledger = Ledger.open(Scene.strict(origin), 1)) {
      Lane lane = ledger.lane(0);
      long cost = 0;
      for (int i = 0; i < PAIRS; i++) {
        long id = lane.reserve(Scene.entry("r" + i, 10_000));
        assertThat(Scene.isDurable(lane)).isTrue();
        costByRecords.put(2L * i + 1, cost);
        lane.settle(id, Scene.cost(1_000 + i));
        cost += 1_000 + i;
        costByRecords.put(2L * i + 2, cost);
        assertThat(Scene.isDurable(lane)).isTrue();
      }
      copy(origin, live);
    }
    copy(origin, closed);
  }

  @Test
  void aLogCutAnywhereGivesWhatWasCommittedBefore() throws Exception {
    Random random = seeded();
    long size = Files.size(live.resolve("ledger.db-wal"));
    for (int i = 0; i < SHORT_TRIES; i++) {
      cut(size - random.nextLong(Math.min(size, LONG_TAIL)));
    }
    assertThat(accepted).isEqualTo(SHORT_TRIES);
  }

  @Test
  @Tag("long")
  void aLogCutAtEveryByteOfItsEndGivesWhatWasCommittedBefore() throws Exception {
    long size = Files.size(live.resolve("ledger.db-wal"));
    for (long at = size; at >= Math.max(0, size - LONG_TAIL); at--) {
      read(cutAt(at), "the log cut at " + at);
    }
    assertThat(refused).isZero();
  }

  @Test
  void aLedgerWhoseProcessDiedCanBeReadBeforeAnotherOpensIt() throws Exception {
    assertThat(Scene.verdict(live).mismatches()).isEmpty();
    assertThat(Scene.verdict(live).records()).isEqualTo(2L * PAIRS);
  }

  @Test
  void bitsFlippedInTheEndOfTheLogGiveWhatWasCommittedBefore() throws Exception {
    Random random = seeded();
    long size = Files.size(live.resolve("ledger.db-wal"));
    for (int i = 0; i < SHORT_TRIES; i++) {
      flip(live, "ledger.db-wal", size - 1 - random.nextInt(TAIL), random.nextInt(8));
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void bitsFlippedInTheFileAreFoundOrDoNotMatter() throws Exception {
    Random random = seeded();
    long size = Files.size(closed.resolve("ledger.db"));
    for (int i = 0; i < SHORT_TRIES; i++) {
      flip(closed, "ledger.db", size - 1 - random.nextInt(TAIL), random.nextInt(8));
      flip(closed, "ledger.db", random.nextLong(size), random.nextInt(8));
    }
    assertThat(refused).isPositive();
  }

  @Test
  @Tag("long")
  void everyBitOfTheEndOfBothFilesIsFoundOrDoesNotMatter() throws Exception {
    long file = Files.size(closed.resolve("ledger.db"));
    long log = Files.size(live.resolve("ledger.db-wal"));
    for (int i = 0; i < TAIL * 8; i++) {
      read(flipped(closed, "ledger.db", file - 1 - i / 8, i % 8), "bit " + i + " of the file");
      read(flipped(live, "ledger.db-wal", log - 1 - i / 8, i % 8), "bit " + i + " of the log");
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  private void cut(long size) throws Exception {
    look(cutAt(size), "the log cut at " + size);
  }

  private Path cutAt(long size) throws IOException {
    Path torn = copy(live, dir.resolve("torn"));
    try (FileChannel log =
        FileChannel.open(torn.resolve("ledger.db-wal"), StandardOpenOption.WRITE)) {
      log.truncate(size);
    }
    return torn;
  }

  private void flip(Path from, String name, long at, int bit) throws Exception {
    look(flipped(from, name, at, bit), "bit " + bit + " of byte " + at + " of " + name);
  }

  private Path flipped(Path from, String name, long at, int bit) throws IOException {
    Path torn = copy(from, dir.resolve("torn"));
    try (FileChannel file =
        FileChannel.open(torn.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 1 << bit));
      file.write(one.rewind(), at);
    }
    return torn;
  }

  /// As [#look], without beginning a run: a tenth of the time.
  private void read(Path torn, String what) {
    try (Books books = Books.open(torn)) {
      Books.Verdict verdict = books.verify();
      if (verdict.mismatches().isEmpty()) {
        assertThat(verdict.costNanoUsd()).as(what).isEqualTo(costByRecords.get(verdict.records()));
        accepted++;
      } else {
        refused++;
      }
    } catch (LedgerException e) {
      assertThat(e.getMessage()).as(what).contains(torn.toString());
      refused++;
    }
  }

  private void look(Path torn, String what) {
    try (Ledger ledger = Ledger.open(Scene.strict(torn), 1)) {
      long sum = ledger.spentSince(0, 0, 0).total().month();
      long expired = Scene.verdict(torn).expired();
      long records = Scene.verdict(torn).records() - expired;
      // An open reservation is charged what its model's attempts cost, so only whole pairs compare.
      if (expired == 0) {
        assertThat(sum).as(what).isEqualTo(costByRecords.get(records));
      }
      accepted++;
    } catch (LedgerException e) {
      assertThat(e.getMessage()).as(what).contains(torn.toString());
      refused++;
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : new String[] {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) {
      Files.deleteIfExists(to.resolve(name));
      Path source = from.resolve(name);
      if (Files.exists(source) && !name.endsWith("-shm")) {
        Files.copy(source, to.resolve(name));
      }
    }
    return to;
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }
}
