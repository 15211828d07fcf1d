package io.llmproxy.provider.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/// The bytes of a part as an array, window by window.
///
/// A heap buffer shows its own array. Any other is copied, at most [#WINDOW] bytes at a time, into
/// an array that belongs to the calling thread: copying an event costs less than the bounds checks
/// of reading it through a buffer. A window is good until the next is asked for on that thread.
public final class PartBytes {
  /// The longest window: small enough to stay in a core's first-level cache.
  public static final int WINDOW = 16 * 1024;

  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[WINDOW];
        }
      };

  private PartBytes() {}

  /// How long the window at `offset`, counted from the reader index, is.
  public static int length(ByteBuf part, int offset) {
    return Math.min(part.readableBytes() - offset, WINDOW);
  }

  /// The array that holds the window at `offset`; borrows `part`, which must not be changed before
  /// the window has been read.
  public static byte[] array(ByteBuf part, int offset) {
    if (part.hasArray()) {
      return part.array();
    }
    byte[] scratch = SCRATCH.get();
    part.getBytes(part.readerIndex() + offset, scratch, 0, length(part, offset));
    return scratch;
  }

  /// Where in that array the window begins.
  public static int start(ByteBuf part, int offset) {
    return part.hasArray() ? part.arrayOffset() + part.readerIndex() + offset : 0;
  }
}
