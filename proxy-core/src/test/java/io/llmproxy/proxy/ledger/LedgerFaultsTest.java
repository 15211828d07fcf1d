package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Disks that are full, slow or broken, and directories that are not the proxy's.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LedgerFaultsTest {

  @TempDir private Path dir;

  /// A disk that does what the test says, once a commit.
  private static class Fault implements Store.Disk {
    @Override
    public void beforeCommit(Connection connection) throws SQLException {}

    @Override
    public void afterCommit() throws SQLException {}
  }

  /// A disk whose file may not grow beyond a number of pages, after the first commit.
  private static final class Full extends Fault {
    private volatile long pages = Long.MAX_VALUE;

    @Override
    public void beforeCommit(Connection connection) throws SQLException {
      if (pages < Database.number(connection, "PRAGMA page_count")) {
        throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
      }
    }
  }

  @Test
  void nothingIsLostWhileTheDiskIsFullAndStrictTakesNothingNew() throws Exception {
    Full disk = new Full();
    try (Ledger ledger = Scene.open(Scene.strict(dir), disk)) {
      Lane lane = ledger.lane(0);
      long running = lane.reserve(Scene.entry("running", 10));
      assertThat(Scene.isDurable(lane)).isTrue();
      Files.deleteIfExists(dir.resolve("ledger.spare"));
      disk.pages = 0;
      lane.settle(running, Scene.cost(7));
      assertThat(Scene.isDurable(lane)).isFalse();
      assertThat(ledger.state()).isEqualTo(new LedgerState.Failing("the disk is full"));
      assertThat(lane.reserve(Scene.entry("new", 10))).isEqualTo(Lane.FULL);
      disk.pages = Long.MAX_VALUE;
      awaitGood(ledger);
      assertThat(lane.reserve(Scene.entry("new", 10))).isPositive();
      assertThat(Scene.isDurable(lane)).isTrue();
    }
    assertThat(Scene.verdict(dir).costNanoUsd()).isEqualTo(7);
  }

  @Test
  void batchedGoesOnInMemoryUntilItsRoomIsUsedUp() throws Exception {
    Full disk = new Full();
    int taken = 0;
    LedgerSettings small =
        new LedgerSettings(dir, Durability.BATCHED, OnCrash.ESTIMATE, 8_192, null);
    try (Ledger ledger = Scene.open(small, disk)) {
      Lane lane = ledger.lane(0);
      Files.deleteIfExists(dir.resolve("ledger.spare"));
      disk.pages = 0;
      while (taken < 200_000) {
        long id = lane.reserve(Scene.entry("r", 10));
        if (id == Lane.FULL && ledger.state() instanceof LedgerState.Failing) {
          break;
        }
        if (id != Lane.FULL) {
          lane.settle(id, Scene.cost(1));
          taken++;
        }
      }
      // A batch of 4,096 at most, in which a reservation and its end are one, and the queue of
      // 8,192.
      assertThat(taken).isBetween(4_000, 8_300);
      disk.pages = Long.MAX_VALUE;
      awaitGood(ledger);
    }
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.costNanoUsd()).isEqualTo(taken);
  }

  @Test
  void aFullDiskGivesItsSpareSpaceToWhatRuns() throws Exception {
    Path spare = dir.resolve("ledger.spare");
    Fault disk =
        new Fault() {
          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            if (Files.exists(spare)
                && Database.number(connection, "SELECT count(*) FROM record WHERE kind = 2") > 0) {
              throw new SQLiteException("database or disk is full", SQLiteErrorCode.SQLITE_FULL);
            }
          }
        };
    try (Ledger ledger = Scene.open(Scene.strict(dir), disk)) {
      assertThat(spare).hasSize(SpareFile.BYTES);
      Lane lane = ledger.lane(0);
      lane.settle(lane.reserve(Scene.entry("a", 10)), Scene.cost(7));
      assertThat(Scene.isDurable(lane)).isTrue();
    }
  }

  @Test
  void aRealDiskOfOneMebibyteFillsUpAndRecovers() throws Exception {
    boolean mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir.toString())
                .start()
                .waitFor()
            == 0;
    if (!mounted) {
      System.out.println("no right to mount: a full disk is shown by SQLite's own error alone");
    }
    try {
      fillAndRecover(mounted);
    } finally {
      if (mounted) {
        new ProcessBuilder("umount", dir.toString()).start().waitFor();
      }
    }
  }

  private void fillAndRecover(boolean mounted) throws Exception {
    Full disk = new Full();
    int settled = 0;
    try (Ledger ledger = Scene.open(Scene.strict(dir), disk)) {
      Path ballast = dir.resolve("ballast");
      Files.write(ballast, new byte[300 << 10]);
      Lane lane = ledger.lane(0);
      disk.pages = mounted ? Long.MAX_VALUE : 40;
      Files.deleteIfExists(dir.resolve("ledger.spare"));
      while (ledger.state() instanceof LedgerState.Good && settled < 50_000) {
        long id = lane.reserve(Scene.entry("r" + settled, 10));
        if (id != Lane.FULL) {
          lane.settle(id, Scene.cost(1));
          settled++;
        }
        if (settled % 50 == 0) {
          Scene.isDurable(lane);
        }
      }
      assertThat(ledger.state()).isInstanceOf(LedgerState.Failing.class);
      Files.delete(ballast);
      disk.pages = Long.MAX_VALUE;
      awaitGood(ledger);
    }
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.costNanoUsd()).isEqualTo(settled);
  }

  @Test
  void afterAnInputOutputErrorTheFileIsOpenedAnewAndNothingIsLost() throws Exception {
    AtomicInteger failures = new AtomicInteger(3);
    Connection[] first = new Connection[1];
    Connection[] last = new Connection[1];
    Fault disk =
        new Fault() {
          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            first[0] = first[0] == null ? connection : first[0];
            last[0] = connection;
            if (Database.number(connection, "SELECT count(*) FROM record") > 2
                && failures.getAndDecrement() > 0) {
              throw new SQLException("disk I/O error");
            }
          }
        };
    write(disk, 100);
    assertThat(failures.get()).isNegative();
    assertThat(last[0]).isNotSameAs(first[0]);
    assertThat(Scene.verdict(dir).costNanoUsd()).isEqualTo(100);
  }

  @Test
  void aCommitThatFailedOnlyToSayThatItWorkedIsNotWrittenTwice() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    AtomicInteger doubts = new AtomicInteger();
    Fault disk =
        new Fault() {
          @Override
          public void afterCommit() throws SQLException {
            if (commits.incrementAndGet() % 3 == 2) {
              doubts.incrementAndGet();
              throw new SQLException("disk I/O error");
            }
          }
        };
    write(disk, 100);
    assertThat(doubts.get()).isPositive();
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.costNanoUsd()).isEqualTo(100);
  }

  private void write(Store.Disk disk, int count) throws Exception {
    try (Ledger ledger = Scene.open(Scene.batched(dir), disk)) {
      Lane lane = ledger.lane(0);
      for (int i = 0; i < count; i++) {
        lane.settle(lane.reserve(Scene.entry("r" + i, 10)), Scene.cost(1));
        if (i % 10 == 0) {
          Scene.isDurable(lane);
        }
      }
    }
  }

  @Test
  void aSlowDiskMakesNoLaneWait() throws Exception {
    Fault disk =
        new Fault() {
          @Override
          public void beforeCommit(Connection connection) throws SQLException {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
          }
        };
    try (Ledger ledger = Scene.open(Scene.batched(dir), disk)) {
      Lane lane = ledger.lane(0);
      long longest = 0;
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
      while (System.nanoTime() - end < 0) {
        long begin = System.nanoTime();
        lane.settle(lane.reserve(Scene.entry("r", 10)), Scene.cost(1));
        longest = Math.max(longest, System.nanoTime() - begin);
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(longest).isLessThan(TimeUnit.MILLISECONDS.toNanos(400));
      assertThat(Scene.isDurable(lane)).isTrue();
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamedWithItsOwner() {
    assertThatThrownBy(() -> Ledger.open(Scene.strict(Path.of("/proc/llmproxy")), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageStartingWith("/proc/llmproxy: cannot be written to");
    assertThatThrownBy(() -> Ledger.open(Scene.strict(Path.of("/proc")), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("it belongs to root, the proxy runs as");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsToldSo() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "x");
    assertThatThrownBy(() -> Ledger.open(Scene.strict(file), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("cannot be written to");
  }

  @Test
  void aFileThatIsNoLedgerIsLeftAlone() throws Exception {
    Path file = Files.writeString(dir.resolve("ledger.db"), "no database at all".repeat(1_000));
    assertThatThrownBy(() -> Ledger.open(Scene.strict(dir), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("ledger.db: cannot be used as a ledger");
    assertThat(file).hasContent("no database at all".repeat(1_000));
    try (Connection other = Database.writable(Files.createDirectory(dir.resolve("other")), true)) {
      Database.execute(other, "CREATE TABLE mine (x)");
    }
    assertThatThrownBy(() -> Ledger.open(Scene.strict(dir.resolve("other")), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("not a ledger of llmproxy");
  }

  private static void awaitGood(Ledger ledger) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!(ledger.state() instanceof LedgerState.Good) && System.nanoTime() - end < 0) {
      Thread.sleep(5);
    }
    assertThat(ledger.state()).isEqualTo(LedgerState.GOOD);
  }
}
