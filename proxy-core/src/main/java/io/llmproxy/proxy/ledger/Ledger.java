package io.llmproxy.proxy.ledger;

import io.llmproxy.proxy.config.LedgerSettings;
import io.llmproxy.proxy.config.LedgerSettings.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The record of what was spent: reservations and their settlements, on disk.
public final class Ledger implements AutoCloseable {
  private static final int LEAST_ROOM = 64;
  private static final Writer.Pace STRICT =
      new Writer.Pace(TimeUnit.MICROSECONDS.toNanos(500), true);
  private static final Writer.Pace BATCHED =
      new Writer.Pace(TimeUnit.MILLISECONDS.toNanos(25), false);

  private final Path dir;
  private final DirectoryLock lock;
  private final List<Lane> lanes;
  private final Writer writer;
  private final Thread thread;
  private final long newestMillis;
  private final @Nullable Shipper shipper;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Ledger(LedgerSettings settings, DirectoryLock lock, Opened opened, int laneCount) {
    dir = settings.dir();
    this.lock = lock;
    newestMillis = opened.newestMillis();
    Doorbell doorbell = new Doorbell();
    lanes = lanes(settings.room(), laneCount, doorbell);
    SpareFile spare = new SpareFile(dir);
    spare.keep();
    Writer.Pace pace = settings.durability() == Durability.STRICT ? STRICT : BATCHED;
    writer = new Writer(opened.store(), spare, doorbell, lanes, pace);
    thread = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(writer);
    shipper = settings.shared() == null ? null : Shipper.of(dir, settings.shared());
  }

  private record Opened(Store store, long newestMillis) {}

  /// Opens the ledger, creating it if need be, and begins a run: reservations that the run before
  /// left open are charged by policy and marked. Blocks.
  ///
  /// @param lanes how many event loops write
  /// @throws LedgerException with a message for the user: it is in use, cannot be written, or its
  ///   records are damaged
  public static Ledger open(LedgerSettings settings, int lanes) throws LedgerException {
    return open(settings, lanes, Store.Disk.REAL, Clock.systemUTC());
  }

  static Ledger open(LedgerSettings settings, int lanes, Store.Disk disk, Clock clock)
      throws LedgerException {
    if (lanes < 1 || lanes > Lane.MAX_LANES) {
      throw new IllegalArgumentException("lanes: " + lanes + " (expected: 1 to 1024)");
    }
    DirectoryLock lock = DirectoryLock.take(settings.dir());
    try {
      Ledger ledger = new Ledger(settings, lock, store(settings, disk, clock), lanes);
      ledger.start();
      return ledger;
    } catch (LedgerException e) {
      lock.close();
      throw e;
    }
  }

  private static Opened store(LedgerSettings settings, Store.Disk disk, Clock clock)
      throws LedgerException {
    Path dir = settings.dir();
    Store store = null;
    try {
      store = Store.open(dir, disk);
      return new Opened(store, Recovery.begin(store, settings.onCrash(), clock.millis()));
    } catch (SQLException e) {
      closeQuietly(store);
      throw new LedgerException(
          dir.resolve(Schema.FILE) + ": cannot be used as a ledger: " + e.getMessage(), e);
    } catch (LedgerException e) {
      closeQuietly(store);
      String message = String.valueOf(e.getMessage());
      throw new LedgerException(
          message.startsWith(dir.toString()) ? message : dir + ": " + message, e);
    }
  }

  private static void closeQuietly(@Nullable Store store) {
    if (store != null) {
      store.close();
    }
  }

  private static List<Lane> lanes(int room, int count, Doorbell doorbell) {
    int each = Math.clamp(room / count, LEAST_ROOM, Lane.MAX_ROOM);
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lanes.add(new Lane(i, new Ring(Integer.highestOneBit(each)), doorbell));
    }
    return List.copyOf(lanes);
  }

  private void start() {
    thread.start();
    if (shipper != null) {
      shipper.start();
    }
  }

  /// The lane of an event loop.
  public Lane lane(int index) {
    return lanes.get(index);
  }

  /// What was spent in the periods that began then and are not over, by scope: to begin the budgets
  /// with. Blocks.
  ///
  /// @param hourStartMillis Unix time, as the others
  /// @throws UncheckedIOException where the file cannot be read
  public Spent spentSince(long hourStartMillis, long dayStartMillis, long monthStartMillis) {
    try (Books books = Books.open(dir)) {
      return books.spentSince(hourStartMillis, dayStartMillis, monthStartMillis);
    } catch (LedgerException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }

  /// Unix time of the newest record when the ledger was opened, 0 where there was none: a budget's
  /// clock must not begin before it.
  public long newestMillis() {
    return newestMillis;
  }

  /// What this run has got to disk. Any thread.
  public Written written() {
    return writer.written();
  }

  /// How many records wait for the disk, about. Any thread.
  public long queued() {
    return lanes.stream().mapToLong(lane -> lane.ring().size()).sum();
  }

  /// Whether what is spent gets to disk, and to the shared ledger where there is one. Any thread.
  public LedgerState state() {
    LedgerState own = writer.state();
    return own instanceof LedgerState.Good && shipper != null ? shipper.state() : own;
  }

  /// Writes everything queued, and ends. Blocks; the lanes must not be used any more.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    writer.close();
    join(thread);
    if (shipper != null) {
      shipper.close();
      join(shipper.thread());
    }
    lock.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
