package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Compresses a body on its way, though nobody asked for it; each part can be read at once.
final class GzipSink implements ReplySink {

  private final ReplySink sink;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
  private final GZIPOutputStream gzip;

  GzipSink(ReplySink sink) {
    this.sink = sink;
    try {
      gzip = new GZIPOutputStream(compressed, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ByteBufAllocator alloc() {
    return sink.alloc();
  }

  @Override
  public boolean chunked() {
    return false;
  }

  @Override
  public void head(ReplyHead head) {
    List<CharSequence> fields = new ArrayList<>(head.fields());
    fields.add("content-encoding");
    fields.add("gzip");
    sink.head(new ReplyHead(head.status(), fields, -1));
  }

  @Override
  public void write(ByteBuf body) {
    try {
      gzip.write(ByteBufUtil.getBytes(body));
      gzip.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      body.release();
    }
    passOn();
  }

  private void passOn() {
    if (compressed.size() > 0) {
      sink.write(Unpooled.wrappedBuffer(compressed.toByteArray()));
      compressed.reset();
    }
  }

  @Override
  public void writeFramed(ByteBuf body) {
    write(body);
  }

  @Override
  public boolean writable() {
    return sink.writable();
  }

  @Override
  public void end() {
    try {
      gzip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    passOn();
    sink.end();
  }

  @Override
  public void touch() {
    sink.touch();
  }

  @Override
  public void flushNow() {
    sink.flushNow();
  }

  @Override
  public void reset() {
    sink.reset();
  }

  @Override
  public void drop() {
    sink.drop();
  }

  @Override
  public void close() {
    sink.close();
  }

  @Override
  public void goAway() {
    sink.goAway();
  }

  @Override
  public void freeze() {
    sink.freeze();
  }
}
