package io.llmproxy.proxy.http;

import io.netty.buffer.ByteBuf;

/// Takes the framing off a chunked body (RFC 9112 section 7.1) inside the buffers it arrives in:
/// the data of all chunks in one buffer is moved together, so that it leaves as one piece.
///
/// Keeps its place between buffers; any byte may be the last of one.
public final class ChunkReader {

  private enum At {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    TRAILER_LF,
    LAST_LF,
    DONE
  }

  private static final int MOST_DIGITS = 8;
  private static final int MOST_SURPLUS = 8192;

  private At at = At.SIZE;
  private long left;
  private int digits;
  private int surplus;
  private int dataStart;
  private int dataEnd;

  /// Makes ready for another body.
  public void reset() {
    at = At.SIZE;
    left = 0;
    digits = 0;
    surplus = 0;
  }

  /// Reads `in` up to its end or the body's, whichever is first, and leaves the reader index there;
  /// the data then stands in `[dataStart, dataEnd)` of the same buffer. Returns false where the
  /// framing is malformed.
  public boolean read(ByteBuf in) {
    dataStart = in.readerIndex();
    dataEnd = dataStart;
    while (in.isReadable() && at != At.DONE) {
      if (at == At.DATA) {
        data(in);
      } else if (!framing(in.readByte())) {
        return false;
      }
    }
    return true;
  }

  public int dataStart() {
    return dataStart;
  }

  public int dataEnd() {
    return dataEnd;
  }

  public boolean isDone() {
    return at == At.DONE;
  }

  private void data(ByteBuf in) {
    int from = in.readerIndex();
    int count = (int) Math.min(left, in.readableBytes());
    if (dataEnd == dataStart) {
      dataStart = from;
      dataEnd = from;
    } else {
      in.setBytes(dataEnd, in, from, count);
    }
    dataEnd += count;
    left -= count;
    in.readerIndex(from + count);
    if (left == 0) {
      at = At.DATA_CR;
    }
  }

  private boolean framing(byte b) {
    return switch (at) {
      case SIZE -> size(b);
      case EXTENSION ->
          b == '\r' ? go(At.SIZE_LF) : b != '\n' && b != 0 && ++surplus <= MOST_SURPLUS;
      case SIZE_LF -> b == '\n' && begin();
      case DATA_CR -> b == '\r' && go(At.DATA_LF);
      case DATA_LF -> b == '\n' && go(At.SIZE);
      case TRAILER_START -> b == '\r' ? go(At.LAST_LF) : b != '\n' && trailer();
      case TRAILER -> b == '\r' ? go(At.TRAILER_LF) : b != '\n' && b != 0 && trailer();
      case TRAILER_LF -> b == '\n' && go(At.TRAILER_START);
      case LAST_LF -> b == '\n' && go(At.DONE);
      case DATA, DONE -> throw new IllegalStateException("at: " + at);
    };
  }

  private boolean size(byte b) {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      left = left << 4 | digit;
      return ++digits <= MOST_DIGITS;
    }
    if (digits == 0) {
      return false;
    }
    return switch (b) {
      case '\r' -> go(At.SIZE_LF);
      case ';', ' ', '\t' -> go(At.EXTENSION);
      default -> false;
    };
  }

  private boolean begin() {
    digits = 0;
    return go(left == 0 ? At.TRAILER_START : At.DATA);
  }

  private boolean trailer() {
    at = At.TRAILER;
    return ++surplus <= MOST_SURPLUS;
  }

  private boolean go(At next) {
    at = next;
    return true;
  }
}
