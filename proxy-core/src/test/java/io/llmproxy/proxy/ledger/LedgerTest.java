package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a ledger takes, refuses and gives back.
final class LedgerTest {
  private static final long HOUR = 3_600_000;

  @TempDir private Path dir;

  @Test
  void refusesToEndAReservationTwice() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      Lane lane = ledger.lane(0);
      long id = lane.reserve(Scene.entry("a", 10));
      lane.settle(id, Scene.cost(4));
      assertThatThrownBy(() -> lane.settle(id, Scene.cost(4)))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> lane.release(id)).isInstanceOf(IllegalStateException.class);
      assertThat(Scene.isDurable(lane)).isTrue();
    }
    assertThat(Scene.verdict(dir).costNanoUsd()).isEqualTo(4);
  }

  @Test
  void refusesAnIdThatAnotherReservationsSlotHas() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 2)) {
      Lane lane = ledger.lane(0);
      long first = lane.reserve(Scene.entry("a", 10));
      lane.release(first);
      long second = lane.reserve(Scene.entry("b", 10));
      assertThatThrownBy(() -> lane.release(first)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> ledger.lane(1).release(second))
          .isInstanceOf(IllegalStateException.class);
      lane.release(second);
    }
    assertThat(Scene.verdict(dir).mismatches()).isEmpty();
  }

  @Test
  void refusesAReservationWhereNoRoomForItsEndIsLeft() throws Exception {
    LedgerSettings small = new LedgerSettings(dir, Durability.BATCHED, OnCrash.ESTIMATE, 64, null);
    try (Ledger ledger = Ledger.open(small, 1)) {
      Lane lane = ledger.lane(0);
      long id = lane.reserve(Scene.entry("a", 1));
      int taken = 0;
      for (; id != Lane.FULL && taken < 1_000; taken++) {
        assertThat(Scene.isDurable(lane)).isTrue();
        id = lane.reserve(Scene.entry("a", 1));
      }
      assertThat(taken).isBetween(60, 64);
    }
  }

  @Test
  void recordsCannotBeChangedOrDeleted() throws Exception {
    write(Scene.cost(5));
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("ledger.db"))) {
      for (String change : List.of("UPDATE record SET cost = 1", "DELETE FROM record")) {
        assertThatThrownBy(() -> Database.execute(file, change))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("append-only");
      }
    }
  }

  @Test
  void whatWasTamperedWithIsFoundWhereItStands() throws Exception {
    pairs(3);
    tamper("UPDATE record SET cost = 1 WHERE seq = 4");
    assertThat(Scene.verdict(dir).mismatches())
        .anySatisfy(
            line -> assertThat(line).startsWith("run 1 record 4: it is not what was written"))
        .anySatisfy(line -> assertThat(line).contains("sums differ"));
  }

  @Test
  void aGapHaltsTheStartAndIsNamed() throws Exception {
    pairs(3);
    tamper("DELETE FROM record WHERE seq = 3");
    assertThatThrownBy(() -> Ledger.open(Scene.strict(dir), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(dir.toString())
        .hasMessageContaining("run 1 record 4: a gap, record 3 should come here");
  }

  @Test
  void recordsThatVanishFromTheEndHaltTheStart() throws Exception {
    pairs(2);
    tamper("DELETE FROM record WHERE seq >= 3");
    assertThatThrownBy(() -> Ledger.open(Scene.strict(dir), 1))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("the newest records differ");
  }

  @Test
  void aSecondProcessIsRefused() throws Exception {
    try (Ledger _ = Ledger.open(Scene.strict(dir), 1)) {
      assertThatThrownBy(() -> Ledger.open(Scene.strict(dir), 1))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("another process writes to this ledger");
    }
    Ledger.open(Scene.strict(dir), 1).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ESTIMATE:50", "FULL:100", "VOID:0"})
  void whatACrashLeftOpenIsChargedByPolicyAndMarked(String policyAndCharge) throws Exception {
    String[] parts = policyAndCharge.split(":", 2);
    OnCrash policy = OnCrash.valueOf(parts[0]);
    long charge = Long.parseLong(parts[1]);
    try (Ledger ledger = Ledger.open(Scene.onCrash(dir, policy), 1)) {
      Lane lane = ledger.lane(0);
      lane.settle(lane.reserve(Scene.entry("a", 1_000)), Scene.cost(500));
      lane.reserve(Scene.entry("open", 100));
    }
    try (Ledger ledger = Ledger.open(Scene.onCrash(dir, policy), 1)) {
      assertThat(ledger.spentSince(0, 0, 0).total().month()).isEqualTo(500 + charge);
    }
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.expired()).isEqualTo(1);
    assertThat(verdict.open()).isZero();
  }

  @Test
  void aStartChecksRecentRecordsAloneAndKnowsWhatEndedThere() throws Exception {
    Instant crash = Instant.ofEpochMilli(Scene.NOON);
    for (int day : new int[] {0, 1, 40, 41, -3}) {
      Clock clock = Clock.fixed(crash.plus(Duration.ofDays(day)), ZoneOffset.UTC);
      try (Ledger ledger = Ledger.open(Scene.strict(dir), 1, Store.Disk.REAL, clock)) {
        if (day == 0) {
          ledger.lane(0).reserve(Scene.entry("open", 100));
        }
      }
    }
    assertThat(Scene.verdict(dir).mismatches()).isEmpty();
    assertThat(Scene.verdict(dir).expired()).isEqualTo(1);
  }

  @Test
  void verifyFitsAtEveryMomentWhileTheProxyWrites() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.batched(dir), 1)) {
      Lane lane = ledger.lane(0);
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < 100; j++) {
          lane.settle(lane.reserve(Scene.entry("a", 10)), Scene.cost(5));
        }
        assertThat(Scene.verdict(dir).mismatches()).isEmpty();
      }
    }
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.reservations()).isEqualTo(2_000);
    assertThat(verdict.costNanoUsd()).isEqualTo(10_000);
  }

  @Test
  void aCostBeyondAllReasonCannotBreakTheSums() throws Exception {
    write(Scene.cost(Long.MAX_VALUE), Scene.cost(Long.MAX_VALUE), Scene.cost(Long.MIN_VALUE));
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.costNanoUsd()).isEqualTo(2_000_000_000_000_000L);
  }

  @Test
  void withoutASettledAttemptTheEstimateIsAllThatWasHeld() throws Exception {
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      ledger.lane(0).reserve(Scene.entry("open", 100));
    }
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      assertThat(ledger.spentSince(0, 0, 0).total().month()).isEqualTo(100);
    }
  }

  @Test
  void whatWasSpentIsToldByPeriodAndScope() throws Exception {
    write(at(5, Scene.NOON), at(6, Scene.NOON - HOUR), at(7, Scene.NOON - 24 * HOUR));
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      Spent spent = ledger.spentSince(Scene.NOON, Scene.NOON - 12 * HOUR, Scene.NOON - 100 * HOUR);
      Amounts amounts = new Amounts(5, 11, 18);
      assertThat(spent.total()).isEqualTo(amounts);
      assertThat(spent.byKey()).containsEntry("alice", amounts).hasSize(1);
      assertThat(spent.byProvider()).containsEntry("openai", amounts).hasSize(1);
      assertThat(ledger.newestMillis()).isEqualTo(Scene.NOON);
    }
  }

  @Test
  void anUnknownCostIsCountedAndNotAdded() throws Exception {
    write(Scene.cost(Settlement.UNKNOWN_COST), Scene.cost(5));
    try (Books books = Books.open(dir)) {
      Books.Line totals = books.totals(new Books.Span(0, Long.MAX_VALUE));
      assertThat(totals).isEqualTo(new Books.Line("", 2, 1, 5, 200, 40, 6, 114, 14));
    }
  }

  @Test
  void namesThatCallersChoseCannotBreakARecord() throws Exception {
    String nasty = "a\u0000b\u001fc\n\ud800\ud83d\ude00" + "x".repeat(1_000);
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      Lane lane = ledger.lane(0);
      long id = lane.reserve(new Entry(nasty, 1, "", "openai", nasty, 5, Scene.NOON));
      lane.settle(id, Scene.cost(3));
      assertThat(Scene.isDurable(lane)).isTrue();
    }
    assertThat(Scene.verdict(dir).mismatches()).isEmpty();
    try (Books books = Books.open(dir)) {
      String name =
          books.lines(Books.By.MODEL, new Books.Span(0, Long.MAX_VALUE)).getFirst().name();
      assertThat(name).startsWith("a?b?c??").hasSizeLessThanOrEqualTo(256);
    }
  }

  @Test
  void whatIsQueuedIsWrittenBeforeItCloses() throws Exception {
    Settlement[] many = new Settlement[3_000];
    Arrays.fill(many, Scene.cost(1));
    write(many);
    assertThat(Scene.verdict(dir).costNanoUsd()).isEqualTo(3_000);
  }

  @Test
  void whoAsksAfterTheEndIsToldThatItIsNotOnDisk() throws Exception {
    Ledger ledger = Ledger.open(Scene.strict(dir), 1);
    Lane lane = ledger.lane(0);
    long id = lane.reserve(Scene.entry("a", 1));
    ledger.close();
    lane.settle(id, Scene.cost(1));
    assertThat(Scene.isDurable(lane)).isFalse();
    assertThat(lane.reserve(Scene.entry("b", 1))).isEqualTo(Lane.FULL);
  }

  private static Settlement at(long cost, long millis) {
    return new Settlement(Usage.NONE, UsageSource.REPORTED, cost, Outcome.COMPLETED, millis);
  }

  private void write(Settlement... settlements) throws LedgerException {
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      Lane lane = ledger.lane(0);
      for (Settlement settlement : settlements) {
        Entry entry = new Entry("a", 1, "alice", "openai", "gpt-4o", 10, settlement.atMillis() - 1);
        lane.settle(lane.reserve(entry), settlement);
      }
    }
  }

  /// Records 1 to `count` are reservations, those after them their ends.
  private void pairs(int count) throws Exception {
    try (Ledger ledger = Ledger.open(Scene.strict(dir), 1)) {
      Scene.pairs(ledger.lane(0), count, 10, i -> 5 + i);
    }
  }

  private void tamper(String change) throws SQLException {
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("ledger.db"))) {
      Database.execute(file, "DROP TRIGGER record_no_UPDATE");
      Database.execute(file, "DROP TRIGGER record_no_DELETE");
      Database.execute(file, change);
    }
  }
}
