package io.llmproxy.proxy.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A row of counters that one thread adds to and any thread may read. Padded, so that rows of
/// different event loops never share a cache line.
final class Tally {

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  /// In longs: 128 bytes, two cache lines, for the prefetcher takes them in pairs.
  private static final int PADDING = 16;

  private final long[] cells;

  Tally(int slots) {
    cells = new long[slots + 2 * PADDING];
  }

  /// The owner's thread only.
  void add(int slot, long amount) {
    int index = slot + PADDING;
    CELL.setOpaque(cells, index, cells[index] + amount);
  }

  /// Any thread. Never torn; sees all but the newest additions.
  long get(int slot) {
    return (long) CELL.getOpaque(cells, slot + PADDING);
  }

  int slots() {
    return cells.length - 2 * PADDING;
  }

  /// Adds every counter of `other` to this row, as this row's owner.
  void addAll(Tally other) {
    for (int slot = 0; slot < slots(); slot++) {
      add(slot, other.get(slot));
    }
  }
}
