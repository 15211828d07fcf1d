package io.llmproxy.proxy.listen;

import io.llmproxy.proxy.http.ReplyHead;
import io.llmproxy.proxy.http.ReplyWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes replies as HTTP/1.1, one after the other on its connection.
///
/// A head waits for what follows it in the same turn, so that both leave in one write. A part that
/// came alone in its buffer gets its chunk framing written around it in place.
final class Http1ReplyWriter implements ReplyWriter {

  private static final AsciiString HTTP = AsciiString.cached("HTTP/1.1 ");
  private static final AsciiString LENGTH = AsciiString.cached("content-length: ");
  private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding: chunked\r\n");
  private static final AsciiString CLOSE = AsciiString.cached("connection: close\r\n");
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("connection: keep-alive\r\n");
  private static final AsciiString CRLF = AsciiString.cached("\r\n");
  private static final AsciiString COLON = AsciiString.cached(": ");
  private static final ByteBuf LAST_CHUNK =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer()
              .writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
              .asReadOnly());
  private static final int COPIED_BYTES = 4096;
  private static final int MOST_FRAMING_BYTES = 10;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Http1Downstream connection;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ByteBuf pending;
  private boolean bodiless;
  private boolean keepAlive;
  private boolean http11;
  private boolean chunked;
  private boolean ended;
  private boolean aborted;

  Http1ReplyWriter(Http1Downstream connection) {
    this.connection = connection;
  }

  void open(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /// Makes ready for the reply to a request.
  void begin(boolean toHead, boolean keepAlive, boolean http11) {
    this.bodiless = toHead;
    this.keepAlive = keepAlive;
    this.http11 = http11;
    chunked = false;
    ended = false;
    aborted = false;
  }

  /// Whether the reply was ended, cleanly or not.
  boolean isEnded() {
    return ended;
  }

  /// Whether the connection ends with this reply.
  boolean isLast() {
    return !keepAlive;
  }

  void closeAfterReply() {
    keepAlive = false;
  }

  /// Releases what was not sent.
  void close() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  @Override
  public void head(ReplyHead head, boolean last) {
    if (!connection.isRequestWhole()) {
      keepAlive = false;
    }
    ByteBuf out = context().alloc().directBuffer(1024);
    pending = out;
    ascii(out, HTTP);
    HttpResponseStatus status = HttpResponseStatus.valueOf(head.status());
    ascii(out, status.codeAsText());
    out.writeByte(' ');
    out.writeCharSequence(status.reasonPhrase(), StandardCharsets.US_ASCII);
    ascii(out, CRLF);
    for (int i = 0; i < head.size(); i++) {
      ascii(out, head.name(i));
      ascii(out, COLON);
      ascii(out, head.value(i));
      ascii(out, CRLF);
    }
    framing(out, head, last);
    ascii(out, CRLF);
    if (last) {
      ended();
    }
  }

  private void framing(ByteBuf out, ReplyHead head, boolean last) {
    if (head.contentLength() >= 0 || last) {
      ascii(out, LENGTH);
      decimal(out, Math.max(0, head.contentLength()));
      ascii(out, CRLF);
    } else if (http11) {
      chunked = true;
      ascii(out, CHUNKED);
    } else {
      keepAlive = false;
    }
    if (!keepAlive) {
      ascii(out, CLOSE);
    } else if (!http11) {
      ascii(out, KEEP_ALIVE);
    }
  }

  @Override
  public void part(ByteBuf part, boolean exclusive) {
    if (bodiless || ended) {
      part.release();
    } else if (chunked) {
      chunk(part, exclusive);
    } else {
      bytes(part);
    }
  }

  private void bytes(ByteBuf part) {
    ByteBuf out = pending;
    if (out != null && part.readableBytes() <= COPIED_BYTES) {
      out.writeBytes(part);
      part.release();
    } else {
      send();
      write(part);
    }
  }

  private void chunk(ByteBuf part, boolean exclusive) {
    int size = part.readableBytes();
    ByteBuf out = pending;
    if (out == null && exclusive && frameInPlace(part, size)) {
      write(part);
    } else if (size <= COPIED_BYTES) {
      ByteBuf into =
          out == null ? context().alloc().directBuffer(size + MOST_FRAMING_BYTES + 2) : out;
      chunkSize(into, size);
      into.writeBytes(part);
      ascii(into, CRLF);
      part.release();
      pending = into;
    } else {
      ByteBuf into = out == null ? context().alloc().directBuffer(MOST_FRAMING_BYTES) : out;
      chunkSize(into, size);
      pending = into;
      send();
      write(part);
      pending = context().alloc().directBuffer(64);
      ascii(pending, CRLF);
    }
  }

  /// Writes size and line ends into the bytes around the part, where those are free.
  private static boolean frameInPlace(ByteBuf part, int size) {
    int digits = hexDigits(size);
    int start = part.readerIndex() - digits - 2;
    if (start < 0 || part.writableBytes() < 2) {
      return false;
    }
    int at = start;
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      part.setByte(at++, HEX[size >>> shift & 15]);
    }
    part.setByte(at++, '\r');
    part.setByte(at, '\n');
    part.writeByte('\r').writeByte('\n');
    part.readerIndex(start);
    return true;
  }

  private static void chunkSize(ByteBuf out, int size) {
    for (int shift = (hexDigits(size) - 1) * 4; shift >= 0; shift -= 4) {
      out.writeByte(HEX[size >>> shift & 15]);
    }
    ascii(out, CRLF);
  }

  private static int hexDigits(int size) {
    return Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
  }

  @Override
  public void end() {
    if (ended) {
      return;
    }
    if (chunked && !bodiless) {
      ByteBuf out = pending;
      if (out == null) {
        write(LAST_CHUNK.duplicate());
      } else {
        out.writeBytes(LAST_CHUNK, LAST_CHUNK.readerIndex(), LAST_CHUNK.readableBytes());
      }
    }
    ended();
  }

  private void ended() {
    ended = true;
    send();
    connection.replyEnded();
  }

  @Override
  public void end(AsciiString name, AsciiString value) {
    end();
  }

  @Override
  public void abort() {
    if (ended) {
      return;
    }
    aborted = true;
    keepAlive = false;
    ended = true;
    send();
    ChannelHandlerContext ctx = context();
    if (!chunked) {
      // Nothing but a reset tells a body that ends at the close from a body that was cut.
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    ctx.flush();
    ctx.close();
  }

  @Override
  public void flush() {
    if (!aborted) {
      send();
      context().flush();
    }
  }

  @Override
  public boolean isWritable() {
    return context().channel().isWritable();
  }

  private void send() {
    ByteBuf out = pending;
    if (out != null) {
      pending = null;
      write(out);
    }
  }

  private void write(ByteBuf buf) {
    ChannelHandlerContext ctx = context();
    ctx.write(buf, ctx.voidPromise());
  }

  private static void decimal(ByteBuf out, long value) {
    out.writeCharSequence(Long.toString(value), StandardCharsets.US_ASCII);
  }

  private static void ascii(ByteBuf out, AsciiString text) {
    ByteBufUtil.copy(text, out);
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not open yet");
    }
    return ctx;
  }
}
