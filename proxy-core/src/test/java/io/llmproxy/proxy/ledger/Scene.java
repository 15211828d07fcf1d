package io.llmproxy.proxy.ledger;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;
import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import io.llmproxy.proxy.config.LedgerSettings.OnCrash;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongUnaryOperator;

/// What tests of the ledger write and ask.
final class Scene {
  static final long NOON = 1_780_000_000_000L;
  static final Usage USAGE = new Usage(100, 20, 3, 0, 0, 0, 0, 50, 7, 0, 180);

  private Scene() {}

  static LedgerSettings strict(Path dir) {
    return new LedgerSettings(dir, Durability.STRICT, OnCrash.ESTIMATE, null);
  }

  static LedgerSettings batched(Path dir) {
    return new LedgerSettings(dir, Durability.BATCHED, OnCrash.ESTIMATE, null);
  }

  static LedgerSettings onCrash(Path dir, OnCrash policy) {
    return new LedgerSettings(dir, Durability.STRICT, policy, null);
  }

  static Ledger open(LedgerSettings settings, Store.Disk disk) throws LedgerException {
    return Ledger.open(settings, 1, disk, Clock.systemUTC());
  }

  static Entry entry(String request, long held) {
    return new Entry(request, 1, "alice", "openai", "gpt-4o", held, NOON);
  }

  static Settlement cost(long nanos) {
    return new Settlement(USAGE, UsageSource.REPORTED, nanos, Outcome.COMPLETED, NOON + 1);
  }

  /// Reservations that were written before they end, so that each has two records.
  ///
  /// @param cost of the one with that number, from 0
  static void pairs(Lane lane, int count, long held, LongUnaryOperator cost)
      throws InterruptedException {
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = lane.reserve(entry("r" + i, held));
      if (ids[i] == Lane.FULL) {
        throw new AssertionError("no room for " + i + " of " + count);
      }
    }
    if (!isDurable(lane)) {
      throw new AssertionError("the disk failed");
    }
    for (int i = 0; i < count; i++) {
      lane.settle(ids[i], cost(cost.applyAsLong(i)));
    }
  }

  /// Whether the lane is told that all it wrote is on disk.
  static boolean isDurable(Lane lane) throws InterruptedException {
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    lane.whenDurable(Runnable::run, told::complete);
    try {
      return told.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("not told within 20 s", e);
    }
  }

  static Books.Verdict verdict(Path dir) throws LedgerException {
    try (Books books = Books.open(dir)) {
      return books.verify();
    }
  }
}
