package io.llmproxy.proxy.auth;

import io.llmproxy.proxy.config.KeyHash;
import io.llmproxy.proxy.config.KeySettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The principals by the hashes of their keys: an open-addressed table of numbers beside the
/// hashes, one after another. Immutable; shared by all event loops.
///
/// Where a hash stands in it tells a caller that measures time nothing of any key: it would have to
/// choose the hash of what it shows. Whole hashes are compared without an early end.
public final class KeyTable {

  private static final int WORDS = 4;

  /// Number of a principal plus one; 0 for none.
  private final int[] slots;

  private final long[] hashes;
  private final Principal[] principals;

  /// @param keys of different hashes
  public KeyTable(List<KeySettings> keys) {
    slots = new int[Integer.highestOneBit(Math.max(1, keys.size())) << 2];
    hashes = new long[keys.size() * WORDS];
    principals = new Principal[keys.size()];
    int number = 0;
    for (KeySettings key : keys) {
      add(number, key);
      number++;
    }
  }

  private void add(int number, KeySettings key) {
    KeyHash hash = key.hash();
    hashes[number * WORDS] = hash.first();
    hashes[number * WORDS + 1] = hash.second();
    hashes[number * WORDS + 2] = hash.third();
    hashes[number * WORDS + 3] = hash.fourth();
    principals[number] = Principal.ofKey(key);
    int slot = slot(hash.first());
    while (slots[slot] != 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    slots[slot] = number + 1;
  }

  private int slot(long first) {
    return (int) first & (slots.length - 1);
  }

  /// Whose key has the hash of these four parts; null for nobody's.
  public @Nullable Principal find(long first, long second, long third, long fourth) {
    for (int slot = slot(first); slots[slot] != 0; slot = (slot + 1) & (slots.length - 1)) {
      int at = (slots[slot] - 1) * WORDS;
      long difference =
          (hashes[at] ^ first)
              | (hashes[at + 1] ^ second)
              | (hashes[at + 2] ^ third)
              | (hashes[at + 3] ^ fourth);
      if (difference == 0) {
        return principals[slots[slot] - 1];
      }
    }
    return null;
  }

  /// What the table itself takes, without the principals.
  public long bytes() {
    return 4L * slots.length + 8L * hashes.length + 4L * principals.length;
  }
}
