package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.http.ChunkReader;
import io.llmproxy.proxy.http.Digits;
import io.llmproxy.proxy.http.Http1Head;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1.1 replies: status line and fields, then the body by length, by chunks or up to the
/// close of the connection (RFC 9112 section 6.3).
final class Http1ReplyReader {

  private static final AsciiString CHUNKED = AsciiString.cached("chunked");
  private static final AsciiString CLOSE = AsciiString.cached("close");
  private static final int STATUS_LINE_BYTES = 12;

  private enum Framing {
    NONE_YET,
    LENGTH,
    CHUNKED,
    CLOSE
  }

  private final ChunkReader chunks = new ChunkReader();
  private Framing framing = Framing.NONE_YET;
  private long left;
  private boolean keptAlive;
  private boolean surplus;

  /// Makes ready for the next reply.
  void begin() {
    framing = Framing.NONE_YET;
    surplus = false;
    chunks.reset();
  }

  boolean isInBody() {
    return framing != Framing.NONE_YET;
  }

  boolean isKeptAlive() {
    return keptAlive;
  }

  /// Whether bytes followed the end of the body, which nobody asked for.
  boolean hasSurplus() {
    return surplus;
  }

  boolean isDone() {
    return switch (framing) {
      case LENGTH -> left == 0;
      case CHUNKED -> chunks.isDone();
      case CLOSE, NONE_YET -> false;
    };
  }

  /// Whether the close of the connection is the clean end of the body.
  boolean endsAtClose() {
    return framing == Framing.CLOSE;
  }

  /// Reads the head that ends at `end`; null where it is malformed. Does not move the reader index.
  @Nullable UpstreamHead head(ByteBuf buf, int end) {
    int start = buf.readerIndex();
    int status = status(buf, start);
    int lineEnd = Http1Head.lineEnd(buf, start, end);
    if (status < 0 || lineEnd < 0) {
      return null;
    }
    UpstreamHead head = new UpstreamHead(status);
    if (!Http1Head.fields(buf, lineEnd + 2, end, head::field) || head.isMalformed()) {
      return null;
    }
    return status < 200 || frame(head, buf.getByte(start + 7) == '1') ? head : null;
  }

  private boolean frame(UpstreamHead head, boolean http11) {
    AsciiString connection = head.connection();
    keptAlive = http11 && (connection == null || !connection.contentEqualsIgnoreCase(CLOSE));
    AsciiString coding = head.transferEncoding();
    AsciiString length = head.contentLength();
    if (head.status() == 204 || head.status() == 304) {
      framing = Framing.LENGTH;
      left = 0;
    } else if (coding != null) {
      framing = Framing.CHUNKED;
      return http11 && length == null && coding.contentEqualsIgnoreCase(CHUNKED);
    } else if (length != null) {
      framing = Framing.LENGTH;
      left = Digits.parse(length);
      return left >= 0;
    } else {
      framing = Framing.CLOSE;
      keptAlive = false;
    }
    return true;
  }

  private static int status(ByteBuf buf, int start) {
    if (buf.writerIndex() - start < STATUS_LINE_BYTES
        || buf.getInt(start) != 0x48545450
        || buf.getByte(start + 4) != '/'
        || buf.getByte(start + 5) != '1'
        || buf.getByte(start + 6) != '.'
        || buf.getByte(start + 8) != ' ') {
      return -1;
    }
    int status = 0;
    for (int i = start + 9; i < start + 12; i++) {
      int digit = buf.getByte(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status >= 100 ? status : -1;
  }

  /// Narrows `in` to the bytes of the body it holds. Returns false where the framing is malformed.
  boolean body(ByteBuf in) {
    switch (framing) {
      case LENGTH -> {
        int count = (int) Math.min(left, in.readableBytes());
        surplus = in.readableBytes() > count;
        in.writerIndex(in.readerIndex() + count);
        left -= count;
      }
      case CHUNKED -> {
        if (!chunks.read(in)) {
          return false;
        }
        surplus = in.isReadable();
        in.setIndex(chunks.dataStart(), chunks.dataEnd());
      }
      case CLOSE -> surplus = false;
      case NONE_YET -> throw new IllegalStateException("no head yet");
    }
    return true;
  }
}
