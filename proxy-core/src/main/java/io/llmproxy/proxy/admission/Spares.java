package io.llmproxy.proxy.admission;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Objects whose work is over, to be used again: the one that has rested longest, and only while
/// many rest. Whoever ends one a second time by mistake so finds it ended, and not at work for
/// somebody else. Belongs to one event loop.
final class Spares<T> {

  private static final int LEAST_RESTING = 64;

  /// What is beyond is left to the garbage collector.
  private static final int MOST = 1_024;

  private final ArrayDeque<T> resting = new ArrayDeque<>(LEAST_RESTING);

  /// One whose work is over; null where a new one is to be made.
  @Nullable T take() {
    return resting.size() < LEAST_RESTING ? null : resting.pollFirst();
  }

  void rest(T ended) {
    if (resting.size() < MOST) {
      resting.addLast(ended);
    }
  }
}
