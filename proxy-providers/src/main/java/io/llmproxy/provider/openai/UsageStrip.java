package io.llmproxy.provider.openai;

import io.llmproxy.provider.sse.RecordSplitter;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Leaves out of a stream the chunk that `include_usage` adds.
///
/// Each part is given on itself, narrowed to what remains of it. Where it ends inside a record that
/// may still be that chunk, the record's beginning is kept as a copy until more of it is known.
final class UsageStrip {
  /// A longer beginning is given on although its chunk may turn out to be the one: those that
  /// providers send tell their choices in the first few hundred bytes.
  private static final int LONGEST_HELD = 8 * 1024;

  private final RecordSplitter splitter;
  private final ChatChunk chunk;

  // Pairs of indexes into the part: what is left out of it.
  private int[] cuts = new int[4];
  private int cutEnds;

  // The beginning of the record that has begun, as far as earlier parts held it.
  private byte[] held = {};
  private int heldBytes;
  private @Nullable ByteBuf released;
  private boolean givenOn;
  private boolean leftOut;
  private boolean ended;

  UsageStrip(RecordSplitter splitter, ChatChunk chunk) {
    this.splitter = splitter;
    this.chunk = chunk;
  }

  /// A record ended, which is the chunk to leave out or is not.
  void recordEnded(boolean usageOnly) {
    leftOut = usageOnly && !givenOn;
    if (leftOut) {
      cut(splitter.beginIndex(), splitter.endIndex());
    } else {
      giveHeld();
    }
    heldBytes = 0;
    givenOn = false;
  }

  /// The stream said its end: what follows means nothing, and is given on unread.
  void end() {
    ended = true;
  }

  /// The LF at `partIndex` belongs to the record that ended last.
  void lateLineFeed(int partIndex) {
    if (leftOut) {
      cut(partIndex, partIndex + 1);
    }
  }

  /// Takes `part`, whose records have been told, and gives `sink` what the caller is to receive.
  void give(ByteBuf part, PartSink sink) {
    if (splitter.isBegun() && !givenOn && !ended) {
      holdOrGive(part);
    }
    giveReleased(sink);
    if (cutEnds == 0) {
      sink.part(part);
      return;
    }
    int base = part.readerIndex();
    int bytes = part.readableBytes();
    int from = 0;
    int to = 0;
    int begin = 0;
    for (int i = 0; i <= cutEnds; i += 2) {
      int end = i < cutEnds ? cuts[i] : bytes;
      if (end > begin) {
        if (to > from) {
          sink.part(part.retainedSlice(base + from, to - from));
        }
        from = begin;
        to = end;
      }
      begin = i < cutEnds ? cuts[i + 1] : bytes;
    }
    cutEnds = 0;
    if (to > from) {
      sink.part(part.setIndex(base + from, base + to));
    } else {
      part.release();
    }
  }

  /// The stream ended, and the splitter has told its last record.
  void finish(PartSink sink) {
    cutEnds = 0;
    giveReleased(sink);
  }

  private void holdOrGive(ByteBuf part) {
    int begin = splitter.beginIndex();
    int bytes = part.readableBytes() - begin;
    if (heldBytes + bytes > LONGEST_HELD || !mayBeUsage()) {
      giveHeld();
      givenOn = true;
      return;
    }
    if (held.length < heldBytes + bytes) {
      held = Arrays.copyOf(held, Math.max(512, 2 * (heldBytes + bytes)));
    }
    part.getBytes(part.readerIndex() + begin, held, heldBytes, bytes);
    heldBytes += bytes;
    cut(begin, begin + bytes);
  }

  private boolean mayBeUsage() {
    if (splitter.isComment()) {
      return false;
    }
    splitter.readBegun();
    if (!splitter.hasData()) {
      return true;
    }
    chunk.read(splitter.data(), splitter.dataFrom(), splitter.dataTo());
    return chunk.mayBeUsageOnly();
  }

  private void giveHeld() {
    if (heldBytes > 0) {
      released = Unpooled.copiedBuffer(held, 0, heldBytes);
      heldBytes = 0;
    }
  }

  private void giveReleased(PartSink sink) {
    ByteBuf first = released;
    if (first != null) {
      released = null;
      sink.part(first);
    }
  }

  private void cut(int from, int to) {
    if (cutEnds + 2 > cuts.length) {
      cuts = Arrays.copyOf(cuts, 2 * cuts.length);
    }
    cuts[cutEnds++] = from;
    cuts[cutEnds++] = to;
  }
}
