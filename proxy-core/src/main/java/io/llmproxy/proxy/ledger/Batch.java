package io.llmproxy.proxy.ledger;

import java.util.ArrayList;
import java.util.List;

/// What is committed together. A reservation that ends before it was ever written goes in as one
/// record, its end, which says all that it held. For one thread.
final class Batch {

  /// A power of two, and twice what is taken at most: where two reservations would stand at one
  /// place the older one is not found again, and keeps its own record.
  private static final int PLACES = 2 * Writer.MAX_BATCH;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int SHIFT = Long.numberOfLeadingZeros(PLACES - 1);

  private final List<Row> rows = new ArrayList<>(Writer.MAX_BATCH);

  /// Where the reservation stands that has this place by its id.
  private final int[] at = new int[PLACES];

  void add(Row row) {
    int place = (int) ((row.id() * GOLDEN) >>> SHIFT);
    if (row.kind() == RecordKind.RESERVE) {
      at[place] = rows.size();
      rows.add(row);
    } else if (reserves(at[place], row.id())) {
      rows.set(at[place], row.alone());
    } else {
      rows.add(row);
    }
  }

  private boolean reserves(int index, long id) {
    return index < rows.size()
        && rows.get(index).id() == id
        && rows.get(index).kind() == RecordKind.RESERVE;
  }

  /// In their order; until [#clear].
  List<Row> rows() {
    return rows;
  }

  int size() {
    return rows.size();
  }

  void clear() {
    rows.clear();
  }
}
