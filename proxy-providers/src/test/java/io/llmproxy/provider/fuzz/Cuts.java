package io.llmproxy.provider.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Where bytes are cut into parts: anywhere, but for the same bytes always there.
final class Cuts {

  private Cuts() {}

  /// Up to five places, ascending.
  static int[] of(byte[] bytes) {
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(bytes));
    return random.ints(1 + random.nextInt(5), 0, bytes.length + 1).sorted().toArray();
  }
}
