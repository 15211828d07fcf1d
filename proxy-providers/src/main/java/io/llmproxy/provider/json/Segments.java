package io.llmproxy.provider.json;

import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/// The bytes of one body in the buffers they arrived in: grows at its end, owns what it holds, and
/// gives slices of it as often as they are needed. For one thread.
public final class Segments {
  private ByteBuf[] buffers = new ByteBuf[4];

  /// Offset of each buffer's first byte.
  private long[] starts = new long[4];

  private int count;
  private long length;
  private boolean released;

  /// Takes `bytes`.
  public void add(ByteBuf bytes) {
    if (released) {
      bytes.release();
      throw new IllegalStateException("add after release");
    }
    int size = bytes.readableBytes();
    if (size == 0) {
      bytes.release();
      return;
    }
    if (count == buffers.length) {
      buffers = Arrays.copyOf(buffers, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count);
    }
    buffers[count] = bytes;
    starts[count++] = length;
    length += size;
  }

  /// Bytes held.
  public long length() {
    return length;
  }

  /// Where the buffers came from.
  public ByteBufAllocator allocator() {
    checkHeld();
    return count == 0 ? ByteBufAllocator.DEFAULT : buffers[0].alloc();
  }

  /// A copy of the bytes from `start` to before `end`.
  public byte[] copy(long start, long end) {
    checkRange(start, end);
    byte[] copy = new byte[Math.toIntExact(end - start)];
    int done = 0;
    for (int i = start == end ? count : indexOf(start); done < copy.length; i++) {
      ByteBuf buffer = buffers[i];
      int skip = (int) (start + done - starts[i]);
      int size = Math.min(buffer.readableBytes() - skip, copy.length - done);
      buffer.getBytes(buffer.readerIndex() + skip, copy, done, size);
      done += size;
    }
    return copy;
  }

  /// Whether `wanted` stands anywhere, also across buffers. Its last byte is looked for first, so
  /// that one should be rare.
  public boolean contain(byte[] wanted) {
    checkHeld();
    byte last = wanted[wanted.length - 1];
    for (int i = 0; i < count; i++) {
      ByteBuf bytes = buffers[i];
      int begin = bytes.readerIndex();
      int end = bytes.writerIndex();
      int at = begin;
      while ((at = bytes.indexOf(at, end, last)) >= 0) {
        at++;
        boolean found =
            at - begin >= wanted.length
                ? endsWith(wanted, bytes, at)
                : endsWith(wanted, starts[i] + at - begin);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }

  /// Which of `words` stand anywhere, also across buffers: a bit for each, the lowest for the
  /// first.
  public long which(Words words) {
    checkHeld();
    long found = 0;
    for (int i = 0; i < count; i++) {
      ByteBuf bytes = buffers[i];
      int begin = bytes.readerIndex();
      int end = bytes.writerIndex();
      int at = begin;
      while ((at = bytes.indexOf(at, end, (byte) '"')) >= 0) {
        at++;
        // What begins in the buffer before is looked at as a whole.
        if (at - begin < 2 || words.mayEndWith(bytes.getByte(at - 2))) {
          found |= which(words, i, at);
        }
      }
    }
    return found;
  }

  private long which(Words words, int buffer, int end) {
    ByteBuf bytes = buffers[buffer];
    int size = end - bytes.readerIndex();
    long found = 0;
    for (int i = 0; i < words.count(); i++) {
      byte[] wanted = words.quoted(i);
      boolean is =
          size >= wanted.length
              ? endsWith(wanted, bytes, end)
              : endsWith(wanted, starts[buffer] + size);
      found |= is ? 1L << i : 0;
    }
    return found;
  }

  /// Within one buffer; the last byte is known to be there.
  private static boolean endsWith(byte[] wanted, ByteBuf bytes, int end) {
    int from = end - wanted.length;
    for (int i = wanted.length - 2; i >= 0; i--) {
      if (bytes.getByte(from + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /// Across buffers.
  private boolean endsWith(byte[] wanted, long end) {
    return end >= wanted.length && Arrays.equals(copy(end - wanted.length, end), wanted);
  }

  /// Gives `sink` the bytes from `start` to before `end`, as slices.
  public void emit(long start, long end, PartSink sink) {
    checkRange(start, end);
    long at = start;
    for (int i = start == end ? count : indexOf(start); at < end; i++) {
      ByteBuf buffer = buffers[i];
      int skip = (int) (at - starts[i]);
      int size = (int) Math.min(buffer.readableBytes() - skip, end - at);
      at += size;
      sink.part(buffer.retainedSlice(buffer.readerIndex() + skip, size));
    }
  }

  /// Gives `sink` all bytes, changed as `splice` says: slices of what stays, and buffers of what is
  /// new, in order. May be called again, also with another splice.
  public void emit(Splice splice, PartSink sink) {
    long at = 0;
    for (Splice.Replacement replacement : splice.replacements()) {
      emit(at, replacement.start(), sink);
      if (replacement.with().length > 0) {
        sink.part(Unpooled.wrappedBuffer(replacement.with()));
      }
      at = replacement.end();
    }
    emit(at, length, sink);
  }

  /// Gives up all buffers and begins anew.
  public void clear() {
    for (int i = 0; i < count; i++) {
      buffers[i].release();
    }
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    length = 0;
  }

  /// Gives up all buffers for good. To be called once; what was given to a sink lives on.
  public void release() {
    if (released) {
      throw new IllegalStateException("released twice");
    }
    released = true;
    clear();
  }

  private void checkRange(long start, long end) {
    checkHeld();
    if (start < 0 || end < start || end > length) {
      throw new IndexOutOfBoundsException(
          "range: " + start + " to " + end + " (expected: within " + length + ")");
    }
  }

  private void checkHeld() {
    if (released) {
      throw new IllegalStateException("read after release");
    }
  }

  private int indexOf(long offset) {
    int found = Arrays.binarySearch(starts, 0, count, offset);
    return found >= 0 ? found : -found - 2;
  }
}
