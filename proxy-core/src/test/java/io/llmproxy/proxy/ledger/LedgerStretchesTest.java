package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A ledger so long that several threads read it at a start: nothing gets lost between two of the
/// stretches that they read.
final class LedgerStretchesTest {
  private static final int PAIRS = 3 * Stretch.MOST;
  private static final int PART = Stretch.MOST / 4;

  @TempDir private Path dir;

  @BeforeEach
  void write() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.batched(dir), 1)) {
      Lane lane = ledger.lane(0);
      for (int i = 0; i < PAIRS / PART; i++) {
        Scene.pairs(lane, PART, 10, _ -> 5);
        assertThat(Scene.isDurable(lane)).isTrue();
      }
      // Ends in the run after this.
      lane.reserve(Scene.entry("open", 10));
    }
  }

  private void tamper(String change) throws Exception {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("ledger.db"))) {
      Database.execute(file, "DROP TRIGGER record_no_UPDATE");
      Database.execute(file, "DROP TRIGGER record_no_DELETE");
      Database.execute(file, change);
    }
  }

  private void assertHalts(String change, String message) throws Exception {
    tamper(change);
    byte[] before = Files.readAllBytes(dir.resolve("ledger.db"));
    assertThatThrownBy(() -> Ledger.open(Scene.batched(dir), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(message);
    assertThat(Files.readAllBytes(dir.resolve("ledger.db"))).isEqualTo(before);
  }

  @Test
  void whatIsWholeIsRecoveredAndTheOpenOneCharged() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.batched(dir), 1)) {
      long charged = ledger.spentSince(0, 0, 0).total().month();
      assertThat(charged).isEqualTo(5L * PAIRS + 5);
    }
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.records()).isEqualTo(2L * PAIRS + 2);
    assertThat(verdict.expired()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Stretch.MOST - 1, Stretch.MOST, Stretch.MOST + 1, 2 * Stretch.MOST})
  void aGapIsFoundWhereverItIs(int seq) throws Exception {
    assertHalts(
        "DELETE FROM record WHERE seq = " + seq,
        "run 1 record %d: a gap, record %d should come here".formatted(seq + 1, seq));
  }

  @ParameterizedTest
  @ValueSource(ints = {Stretch.MOST, Stretch.MOST + 1, 5 * Stretch.MOST})
  void aRecordThatWasChangedIsFoundWhereverItIs(int seq) throws Exception {
    assertHalts(
        "UPDATE record SET provider = 'other' WHERE seq = " + seq,
        "run 1 record %d: it is not what was written".formatted(seq));
  }

  @Test
  void sumsThatAreNotThoseOfTheRecordsHaltTheStart() throws Exception {
    assertHalts("UPDATE head SET cost = cost - 1", "the sums differ");
  }
}
