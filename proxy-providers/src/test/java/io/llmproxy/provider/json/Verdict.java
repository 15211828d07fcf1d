package io.llmproxy.provider.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that a scanner has to say of one text, to be compared with what it says when the same text
/// comes in other pieces. Pieces lie outside and on the heap by turns. For one test at a time.
record Verdict(
    boolean whole, @Nullable JsonFault fault, int fieldCount, long rootStart, List<Found> found) {

  static final FieldNames FIELDS = FieldNames.of("model", "a", "stream");

  /// Memory outside the heap that no leak detector follows: it would take most of the time.
  private static final ByteBuf DIRECT = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(1 << 21));

  /// An asked-for field and where its value stands.
  record Found(int field, JsonKind kind, long start, long end) {}

  /// Feeds pieces that end at each of `cuts` and at the end of `text`.
  static Verdict of(byte[] text, int... cuts) {
    return of(new JsonScanner(FIELDS), text, cuts);
  }

  static Verdict of(JsonScanner scanner, byte[] text, int... cuts) {
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i == cuts.length ? text.length : cuts[i];
      scanner.feed(
          i % 2 == 0 ? direct(text, from, to) : Unpooled.wrappedBuffer(text, from, to - from));
      from = to;
    }
    return of(scanner);
  }

  private static ByteBuf direct(byte[] text, int from, int to) {
    return DIRECT.setIndex(3, 3).writeBytes(text, from, to - from);
  }

  private static Verdict of(JsonScanner scanner) {
    boolean whole = scanner.finish();
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < FIELDS.count(); i++) {
      if (scanner.has(i)) {
        found.add(new Found(i, scanner.kind(i), scanner.start(i), scanner.end(i)));
      }
    }
    return new Verdict(
        whole, scanner.fault(), scanner.fieldCount(), scanner.rootStart(), List.copyOf(found));
  }

  /// Cuts before every byte but the first.
  static int[] everywhere(byte[] text) {
    int[] cuts = new int[Math.max(0, text.length - 1)];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = i + 1;
    }
    return cuts;
  }
}
