package io.llmproxy.proxy.ledger;

import io.llmproxy.proxy.ledger.Stretch.Range;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A reading of records in their order that checks all that can be: no gap, every checksum, each
/// reservation ended once, and the sums of the [Head].
final class Audit {

  /// How many stretches are asked for before the first of them is looked at.
  private static final int AHEAD = 8;

  private final List<String> mismatches = new ArrayList<>();
  private final Map<Reservation, Open> open = new LinkedHashMap<>();
  private final long fromEpoch;
  private Head head = new Head(0, 0, 0, 0, 0);
  private long reservations;
  private long expired;
  private long newestMillis;

  /// The name of a reservation.
  record Reservation(long epoch, long id) {}

  /// One that has not ended: where it stands, and what is held.
  record Open(long seq, long held) {}

  private Audit(long fromEpoch) {
    this.fromEpoch = fromEpoch;
  }

  /// Reads all there is.
  static Audit of(Connection connection) throws SQLException {
    Audit audit = new Audit(0);
    audit.read(connection, Readers.alone(connection));
    Head told = Head.read(connection);
    if (!told.equals(audit.head)) {
      audit.mismatches.add(
          "the newest records or sums differ: noted " + told + ", found " + audit.head);
    }
    return audit;
  }

  /// Reads the records of the run `fromEpoch` and of those after it, by `source`.
  static Audit since(Connection connection, long fromEpoch, Readers.Source source)
      throws SQLException {
    Audit audit = new Audit(fromEpoch);
    Head before = Head.before(connection, fromEpoch, Long.MIN_VALUE);
    audit.head = before;
    audit.read(connection, source);
    audit.compare(Head.read(connection), before.epoch() == 0);
    return audit;
  }

  private void compare(Head told, boolean all) {
    if (told.epoch() != head.epoch() || told.seq() != head.seq() || told.chain() != head.chain()) {
      mismatches.add("the newest records differ: noted " + told + ", found " + head);
    } else if (all && !told.equals(head)) {
      mismatches.add("the sums differ: noted " + told + ", found " + head);
    }
  }

  private void read(Connection connection, Readers.Source source) throws SQLException {
    Deque<Future<Stretch>> ahead = new ArrayDeque<>();
    Range range = firstAfter(connection, fromEpoch - 1);
    while (range != null || !ahead.isEmpty()) {
      while (range != null && ahead.size() < AHEAD) {
        ahead.add(source.read(range));
        range = after(connection, range);
      }
      check(whenRead(ahead.remove()));
    }
    long last = Database.number(connection, "SELECT max(epoch) FROM epoch");
    open.forEach((reservation, _) -> neverEnded(reservation, last));
  }

  /// The first stretch of the first run after `epoch`; null where there is none.
  private static @Nullable Range firstAfter(Connection connection, long epoch) throws SQLException {
    long next = Database.number(connection, "SELECT min(epoch) FROM record WHERE epoch > " + epoch);
    return next > epoch && next > 0 ? range(connection, next, Long.MIN_VALUE) : null;
  }

  private static @Nullable Range after(Connection connection, Range range) throws SQLException {
    return range.last() == Long.MAX_VALUE
        ? firstAfter(connection, range.epoch())
        : range(connection, range.epoch(), range.last() + 1);
  }

  private static Range range(Connection connection, long epoch, long first) throws SQLException {
    String query =
        "SELECT seq FROM record WHERE epoch = %d AND seq >= %d ORDER BY seq LIMIT 1 OFFSET %d"
            .formatted(epoch, first, Stretch.MOST - 1);
    long last = Database.number(connection, query);
    return new Range(epoch, first, last > 0 ? last : Long.MAX_VALUE);
  }

  private static Stretch whenRead(Future<Stretch> reading) throws SQLException {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new SQLException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  private void neverEnded(Reservation reservation, long lastEpoch) {
    if (reservation.epoch() < lastEpoch) {
      mismatches.add(
          "run "
              + reservation.epoch()
              + " reservation "
              + reservation.id()
              + ": neither ended nor charged when the next run began");
    }
  }

  private void check(Stretch stretch) {
    for (int i = 0; i < stretch.count(); i++) {
      long epoch = stretch.number(i, 0);
      long seq = stretch.number(i, 1);
      long expected = epoch == head.epoch() ? head.seq() + 1 : 1;
      if (seq != expected) {
        mismatches.add(named(epoch, seq) + ": a gap, record " + expected + " should come here");
      }
      if (stretch.isChanged(i)) {
        mismatches.add(named(epoch, seq) + ": it is not what was written, its checksum differs");
      }
      long charge = Math.max(stretch.number(i, 7), 0);
      head = new Head(head.records() + 1, epoch, seq, stretch.chain(), head.cost() + charge);
      newestMillis = Math.max(newestMillis, stretch.number(i, 5));
      follow(stretch, i);
    }
  }

  private void follow(Stretch stretch, int index) {
    long epoch = stretch.number(index, 0);
    long seq = stretch.number(index, 1);
    long kind = stretch.number(index, 2);
    Reservation reservation = new Reservation(stretch.number(index, 3), stretch.number(index, 4));
    if (kind == RecordKind.RESERVE.code()) {
      reservations++;
      if (open.put(reservation, new Open(seq, stretch.number(index, 6))) != null) {
        mismatches.add(named(epoch, seq) + ": reserves " + reservation.id() + " a second time");
      }
      return;
    }
    if (reservation.epoch() == Row.ALONE) {
      reservations++;
      checkAlone(new Reservation(epoch, reservation.id()), seq);
      return;
    }
    if (kind == RecordKind.EXPIRE.code()) {
      expired++;
    }
    boolean before = reservation.epoch() < fromEpoch;
    if (!before && open.remove(reservation) == null) {
      mismatches.add(
          named(epoch, seq) + ": ends reservation " + reservation.id() + ", which is not open");
    }
  }

  private void checkAlone(Reservation reservation, long seq) {
    if (open.containsKey(reservation)) {
      mismatches.add(
          named(reservation.epoch(), seq)
              + ": ends reservation "
              + reservation.id()
              + " as if it had no record, which it has");
    }
  }

  private static String named(long epoch, long seq) {
    return "run " + epoch + " record " + seq;
  }

  /// What does not fit, one line each.
  List<String> mismatches() {
    return mismatches;
  }

  /// Reservations of the newest run that have not ended.
  Map<Reservation, Open> open() {
    return open;
  }

  long records() {
    return head.records();
  }

  long cost() {
    return head.cost();
  }

  long reservations() {
    return reservations;
  }

  long expired() {
    return expired;
  }

  long newestMillis() {
    return newestMillis;
  }
}
