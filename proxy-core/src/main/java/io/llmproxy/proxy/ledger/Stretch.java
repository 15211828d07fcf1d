package io.llmproxy.proxy.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;

/// Records that follow one another, of one run, with the checksum of each compared with what it
/// should be after the record before. Stretches can be read side by side.
final class Stretch {

  /// Most of one.
  static final int MOST = 1 << 13;

  /// The columns that stand first in [Schema#COLUMNS], which an [Audit] counts with.
  private static final int NUMBERS = 8;

  private static final byte SEPARATOR = 0x1f;

  private final Checksum checksum = new Checksum();
  private final BitSet changed = new BitSet();
  private long[] numbers = new long[NUMBERS * 64];
  private int count;
  private long chain;

  /// The records of a run from `first` to `last`, both of them as well.
  record Range(long epoch, long first, long last) {}

  private Stretch() {}

  static Stretch read(Connection connection, Range range) throws SQLException {
    Stretch stretch = new Stretch();
    stretch.chain = Head.before(connection, range.epoch(), range.first()).chain();
    String query =
        "SELECT chain, "
            + Schema.CANONICAL
            + " FROM record WHERE epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq";
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, range.epoch());
      statement.setLong(2, range.first());
      statement.setLong(3, range.last());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          stretch.add(row.getLong(1), row.getBytes(2));
        }
      }
    }
    return stretch;
  }

  private void add(long noted, byte[] canonical) {
    int at = NUMBERS * count;
    if (at == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * at);
    }
    split(canonical, at);
    changed.set(count, checksum.after(chain, canonical, 0) != noted);
    count++;
    chain = noted;
  }

  private void split(byte[] canonical, int to) {
    int at = 0;
    for (int i = 0; i < NUMBERS; i++) {
      boolean negative = at < canonical.length && canonical[at] == '-';
      long number = 0;
      for (at += negative ? 1 : 0; at < canonical.length && canonical[at] != SEPARATOR; at++) {
        number = number * 10 + (canonical[at] - '0');
      }
      numbers[to + i] = negative ? -number : number;
      at++;
    }
  }

  /// Whether the record at `index` is not what was written.
  boolean isChanged(int index) {
    return changed.get(index);
  }

  int count() {
    return count;
  }

  /// A number of the record at `index`, by its place in [Schema#COLUMNS].
  long number(int index, int column) {
    return numbers[NUMBERS * index + column];
  }

  /// The checksum of its last record.
  long chain() {
    return chain;
  }
}
