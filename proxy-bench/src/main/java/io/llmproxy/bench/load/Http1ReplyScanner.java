package io.llmproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.util.AsciiString;
import java.util.Arrays;

/// Finds the end of an HTTP/1.1 reply, of known length or chunked, in whatever pieces it arrives.
///
/// Not for replies that end with their connection: those are refused. One scanner serves a
/// connection; it is ready for the next reply as soon as one has ended.
final class Http1ReplyScanner {

  /// Takes what a reply says. Buffers are borrowed for the length of a call.
  interface Sink {
    void status(int code);

    void body(ByteBuf in, int index, int length);
  }

  private enum Phase {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK,
    CHUNK_END,
    TRAILERS
  }

  private static final int MAX_HEAD_BYTES = 16_384;
  private static final long HEAD_END = 0x0D0A0D0AL;

  private byte[] head = new byte[512];
  private int headBytes;
  private long lastFour;
  private Phase phase = Phase.HEAD;
  private long left;
  private boolean chunked;
  private boolean lineEmpty;
  private boolean closing;

  /// Reads on; true when the reply has ended, and then further bytes stay unread.
  boolean read(ByteBuf in, Sink sink) {
    while (in.isReadable()) {
      boolean ended =
          switch (phase) {
            case HEAD -> readHead(in, sink);
            case BODY, CHUNK -> readBody(in, sink);
            case CHUNK_SIZE -> readChunkSize(in.readByte());
            case CHUNK_EXTENSION -> skipExtension(in.readByte());
            case CHUNK_END -> readChunkEnd(in.readByte());
            case TRAILERS -> readTrailers(in.readByte());
          };
      if (ended) {
        return true;
      }
    }
    return false;
  }

  /// Whether the peer has said it will close this connection.
  boolean closing() {
    return closing;
  }

  /// Whether a reply has begun and not ended.
  boolean midReply() {
    return phase != Phase.HEAD || headBytes > 0;
  }

  private boolean readHead(ByteBuf in, Sink sink) {
    while (in.isReadable()) {
      byte next = in.readByte();
      if (headBytes == head.length) {
        growHead();
      }
      head[headBytes++] = next;
      lastFour = ((lastFour << 8) | (next & 0xFF)) & 0xFFFFFFFFL;
      if (lastFour == HEAD_END) {
        return endHead(sink);
      }
    }
    return false;
  }

  private void growHead() {
    if (headBytes == MAX_HEAD_BYTES) {
      throw new DecoderException("reply head of more than " + MAX_HEAD_BYTES + " bytes");
    }
    head = Arrays.copyOf(head, 2 * headBytes);
  }

  private boolean endHead(Sink sink) {
    int status = parseStatus();
    left = -1;
    chunked = false;
    parseFields();
    headBytes = 0;
    lastFour = 0;
    if (status < 200) {
      return false;
    }
    sink.status(status);
    if (status == 204 || status == 304) {
      return true;
    }
    if (chunked) {
      beginChunkSize();
      return false;
    }
    if (left < 0) {
      throw new DecoderException("reply without content-length or chunked coding");
    }
    return left == 0 || enter(Phase.BODY);
  }

  private boolean enter(Phase next) {
    phase = next;
    return false;
  }

  private int parseStatus() {
    if (headBytes < 12 || head[0] != 'H' || head[8] != ' ') {
      throw new DecoderException("not an HTTP/1.1 reply");
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = head[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new DecoderException("status is not a number");
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private void parseFields() {
    int start = 0;
    for (int i = 0; i + 1 < headBytes; i++) {
      if (head[i] == '\r' && head[i + 1] == '\n') {
        if (start > 0) {
          parseField(new AsciiString(head, start, i - start, false));
        }
        start = i + 2;
      }
    }
  }

  private void parseField(AsciiString line) {
    int colon = line.indexOf(':', 0);
    if (colon <= 0) {
      return;
    }
    // Most names are told apart by their length, so most lines cost one comparison.
    switch (colon) {
      case 14 -> {
        if (named(line, "content-length", colon)) {
          left = value(line, colon).parseLong();
        }
      }
      case 17 -> {
        if (named(line, "transfer-encoding", colon)) {
          chunked = value(line, colon).contentEqualsIgnoreCase("chunked");
        }
      }
      case 10 -> {
        if (named(line, "connection", colon)) {
          closing = value(line, colon).contentEqualsIgnoreCase("close");
        }
      }
      default -> {}
    }
  }

  private static boolean named(AsciiString line, String name, int colon) {
    return line.regionMatches(true, 0, name, 0, colon);
  }

  private static AsciiString value(AsciiString line, int colon) {
    return line.subSequence(colon + 1, line.length(), false).trim();
  }

  private boolean readBody(ByteBuf in, Sink sink) {
    int length = (int) Math.min(left, in.readableBytes());
    sink.body(in, in.readerIndex(), length);
    in.skipBytes(length);
    left -= length;
    if (left > 0) {
      return false;
    }
    if (phase == Phase.CHUNK) {
      return enter(Phase.CHUNK_END);
    }
    phase = Phase.HEAD;
    return true;
  }

  private void beginChunkSize() {
    phase = Phase.CHUNK_SIZE;
    left = 0;
    lineEmpty = true;
  }

  private boolean readChunkSize(byte next) {
    int digit = Character.digit(next, 16);
    if (digit >= 0) {
      if (left > 0x7FFFFFFL) {
        throw new DecoderException("chunk too large");
      }
      left = (left << 4) | digit;
      lineEmpty = false;
      return false;
    }
    if (lineEmpty) {
      throw new DecoderException("chunk size is not a number");
    }
    return next == '\n' ? endChunkSize() : enter(Phase.CHUNK_EXTENSION);
  }

  private boolean skipExtension(byte next) {
    return next == '\n' && endChunkSize();
  }

  private boolean endChunkSize() {
    lineEmpty = true;
    return enter(left == 0 ? Phase.TRAILERS : Phase.CHUNK);
  }

  private boolean readChunkEnd(byte next) {
    if (next == '\n') {
      beginChunkSize();
    } else if (next != '\r') {
      throw new DecoderException("chunk longer than its size");
    }
    return false;
  }

  private boolean readTrailers(byte next) {
    if (next == '\n') {
      if (lineEmpty) {
        phase = Phase.HEAD;
        return true;
      }
      lineEmpty = true;
    } else if (next != '\r') {
      lineEmpty = false;
    }
    return false;
  }
}
