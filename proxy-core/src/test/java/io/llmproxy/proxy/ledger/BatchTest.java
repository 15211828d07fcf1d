package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reservations that end before they are written, among those that do not.
final class BatchTest {
  private static final int MOST = Writer.MAX_BATCH;

  @TempDir private Path dir;

  private final Batch batch = new Batch();
  private Store store;

  @BeforeEach
  void open() throws Exception {
    store = Store.open(dir, Store.Disk.REAL);
    store.begin(Scene.NOON, List.of());
  }

  private Row reserve(long id) {
    return Row.of(RecordKind.RESERVE, store.epoch(), id, Scene.entry("r" + id, 10), null);
  }

  private Row settle(long id) {
    Entry entry = Scene.entry("r" + id, 10);
    return Row.of(RecordKind.SETTLE, store.epoch(), id, entry, Scene.cost(id));
  }

  private Row release(long id) {
    return Row.of(RecordKind.RELEASE, store.epoch(), id, Scene.entry("r" + id, 10), null);
  }

  private void commit() throws Exception {
    store.commit(batch.rows());
    batch.clear();
  }

  private Books.Verdict verdict() throws LedgerException {
    store.close();
    return Scene.verdict(dir);
  }

  @Test
  void anEndBeforeTheCommitIsOneRecordThatSaysAllThatWasHeld() throws Exception {
    batch.add(reserve(1));
    batch.add(settle(1));
    batch.add(reserve(2));
    batch.add(release(2));
    assertThat(batch.rows()).containsExactly(settle(1).alone(), release(2).alone());
    assertThat(batch.rows().getFirst().entry().heldNanoUsd()).isEqualTo(10);
    commit();
    assertThat(verdict()).isEqualTo(new Books.Verdict(List.of(), 2, 2, 0, 0, 1));
  }

  @Test
  void anEndAfterTheCommitHasARecordBesideItsReservation() throws Exception {
    batch.add(reserve(1));
    commit();
    batch.add(settle(1));
    assertThat(batch.rows()).containsExactly(settle(1));
    commit();
    assertThat(verdict()).isEqualTo(new Books.Verdict(List.of(), 2, 1, 0, 0, 1));
  }

  /// Seeded: however reservations, ends and commits follow each other, each is there once.
  @Test
  void whateverTheOrderEachReservationAndEachCostIsThereOnce() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> open = new ArrayList<>();
    long reserved = 0;
    long cost = 0;
    for (int i = 0; i < 60_000; i++) {
      if (open.isEmpty() || random.nextBoolean()) {
        // As lanes give them: a serial number, a lane, a slot.
        long id = ++reserved << 30 | random.nextLong(4) << 20 | random.nextLong(64);
        open.add(id);
        batch.add(reserve(id));
      } else {
        long id = open.remove(random.nextInt(open.size()));
        boolean spent = random.nextBoolean();
        cost += spent ? Math.min(id, 1_000_000_000_000_000L) : 0;
        batch.add(spent ? settle(id) : release(id));
      }
      if (batch.size() == MOST || random.nextInt(500) == 0) {
        commit();
      }
    }
    commit();
    Books.Verdict verdict = verdict();
    assertThat(verdict.mismatches()).as("seed " + seed).isEmpty();
    assertThat(verdict.reservations()).as("seed " + seed).isEqualTo(reserved);
    assertThat(verdict.open()).as("seed " + seed).isEqualTo(open.size());
    assertThat(verdict.costNanoUsd()).as("seed " + seed).isEqualTo(cost);
    assertThat(verdict.records()).isLessThan(60_000);
  }

  @Test
  void anEndThatDeniesItsReservationIsFound() throws Exception {
    batch.add(reserve(1));
    commit();
    store.commit(List.of(settle(1).alone()));
    assertThat(verdict().mismatches())
        .containsExactly("run 1 record 2: ends reservation 1 as if it had no record, which it has");
  }
}
