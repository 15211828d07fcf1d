package io.llmproxy.proxy.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A reading of records in their order that checks all that can be: no gap, every checksum, each
/// reservation ended once, and the sums of the [Head].
final class Audit {
  private static final int NUMBERS = 8;
  private static final byte SEPARATOR = 0x1f;

  private final Checksum checksum = new Checksum();
  private final long[] numbers = new long[NUMBERS];
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
    audit.read(connection);
    Head told = Head.read(connection);
    if (!told.equals(audit.head)) {
      audit.mismatches.add(
          "the newest records or sums differ: noted " + told + ", found " + audit.head);
    }
    return audit;
  }

  /// Reads the records of the run `fromEpoch` and of those after it.
  static Audit since(Connection connection, long fromEpoch) throws SQLException {
    Audit audit = new Audit(fromEpoch);
    audit.head = before(connection, fromEpoch);
    audit.read(connection);
    Head told = Head.read(connection);
    if (told.epoch() != audit.head.epoch()
        || told.seq() != audit.head.seq()
        || told.chain() != audit.head.chain()) {
      audit.mismatches.add("the newest records differ: noted " + told + ", found " + audit.head);
    }
    return audit;
  }

  private static Head before(Connection connection, long epoch) throws SQLException {
    String query =
        "SELECT epoch, seq, chain FROM record WHERE epoch < "
            + epoch
            + " ORDER BY epoch DESC, seq DESC LIMIT 1";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next()
          ? new Head(0, row.getLong(1), row.getLong(2), row.getLong(3), 0)
          : new Head(0, 0, 0, 0, 0);
    }
  }

  private void read(Connection connection) throws SQLException {
    String query =
        "SELECT chain, "
            + Schema.CANONICAL
            + " FROM record WHERE epoch >= "
            + fromEpoch
            + " ORDER BY epoch, seq";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        check(row.getLong(1), row.getBytes(2));
      }
    }
    long last = Database.number(connection, "SELECT max(epoch) FROM epoch");
    open.forEach((reservation, _) -> neverEnded(reservation, last));
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

  private void check(long chain, byte[] canonical) {
    split(canonical);
    long epoch = numbers[0];
    long seq = numbers[1];
    long expected = epoch == head.epoch() ? head.seq() + 1 : 1;
    if (seq != expected) {
      mismatches.add(named(epoch, seq) + ": a gap, record " + expected + " should come here");
    }
    if (checksum.after(head.chain(), canonical, 0) != chain) {
      mismatches.add(named(epoch, seq) + ": it is not what was written, its checksum differs");
    }
    long charge = Math.max(numbers[7], 0);
    head = new Head(head.records() + 1, epoch, seq, chain, head.cost() + charge);
    newestMillis = Math.max(newestMillis, numbers[5]);
    follow(epoch, seq);
  }

  private void follow(long epoch, long seq) {
    Reservation reservation = new Reservation(numbers[3], numbers[4]);
    if (numbers[2] == RecordKind.RESERVE.code()) {
      reservations++;
      if (open.put(reservation, new Open(seq, numbers[6])) != null) {
        mismatches.add(named(epoch, seq) + ": reserves " + reservation.id() + " a second time");
      }
      return;
    }
    if (numbers[2] == RecordKind.EXPIRE.code()) {
      expired++;
    }
    boolean before = reservation.epoch() < fromEpoch;
    if (!before && open.remove(reservation) == null) {
      mismatches.add(
          named(epoch, seq) + ": ends reservation " + reservation.id() + ", which is not open");
    }
  }

  private void split(byte[] canonical) {
    int at = 0;
    for (int i = 0; i < NUMBERS; i++) {
      boolean negative = at < canonical.length && canonical[at] == '-';
      long number = 0;
      for (at += negative ? 1 : 0; at < canonical.length && canonical[at] != SEPARATOR; at++) {
        number = number * 10 + (canonical[at] - '0');
      }
      numbers[i] = negative ? -number : number;
      at++;
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
