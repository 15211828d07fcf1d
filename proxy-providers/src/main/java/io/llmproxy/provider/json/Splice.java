package io.llmproxy.provider.json;

import java.util.ArrayList;
import java.util.List;

/// What is to change in a text: byte ranges, each with the bytes that come in its place. Kept in
/// order; ranges do not overlap. An empty range is an insertion.
public final class Splice {
  private final List<Replacement> replacements = new ArrayList<>(3);
  private long lengthChange;

  /// One range, `start` inclusive and `end` exclusive, and what comes in its place.
  @SuppressWarnings("ArrayRecordComponent") // read by this package alone, never compared
  record Replacement(long start, long end, byte[] with) {}

  /// Puts `with` in the place of the bytes from `start` to before `end`. Of two insertions at one
  /// offset the first comes first, and both come before what replaces the byte there.
  public Splice replace(long start, long end, byte[] with) {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("range: " + start + " to " + end);
    }
    int place = replacements.size();
    while (place > 0 && isBefore(start, end, replacements.get(place - 1))) {
      place--;
    }
    boolean overlapsLower = place > 0 && replacements.get(place - 1).end > start;
    boolean overlapsUpper = place < replacements.size() && replacements.get(place).start < end;
    if (overlapsLower || overlapsUpper) {
      throw new IllegalArgumentException("range: " + start + " to " + end + " overlaps another");
    }
    replacements.add(place, new Replacement(start, end, with));
    lengthChange += with.length - (end - start);
    return this;
  }

  private static boolean isBefore(long start, long end, Replacement other) {
    return other.start > start || (other.start == start && start == end && other.end > other.start);
  }

  /// How many bytes longer the text becomes; negative where it becomes shorter.
  public long lengthChange() {
    return lengthChange;
  }

  public boolean isEmpty() {
    return replacements.isEmpty();
  }

  List<Replacement> replacements() {
    return replacements;
  }
}
