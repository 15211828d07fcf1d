package io.llmproxy.proxy.relay;

import io.llmproxy.provider.resume.ResumableStream;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.proxy.http.ReplyWriter;
import io.llmproxy.proxy.upstream.Attempt;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Moves the body of one reply from an attempt to the caller: each part through the reader, then
/// out; the provider is held back while the caller does not read.
public final class Relay implements PartSink {

  private static final int TWO_LINE_ENDS = '\n' << 8 | '\n';

  private final ReplyReader reader;
  private final ReplyWriter writer;
  private final @Nullable ResumableStream resumable;

  /// The end of the reply, where it waits for its settlement; else null.
  private final @Nullable List<ByteBuf> end;

  private @Nullable ByteBuf exclusivePart;
  private long bytes;
  private int lastTwoBytes = TWO_LINE_ENDS;
  private boolean discarding;
  private boolean released;

  /// @param resumable what the caller is given passes through it; null for as it comes
  /// @param holdsEnd whether the part that makes the reply whole, and what follows it, waits for
  ///   [#giveEnd]
  public Relay(
      ReplyReader reader,
      ReplyWriter writer,
      @Nullable ResumableStream resumable,
      boolean holdsEnd) {
    this.end = holdsEnd ? new ArrayList<>(2) : null;
    this.reader = reader;
    this.writer = writer;
    this.resumable = resumable;
  }

  /// Takes `part` of the provider's body and gives on what the caller is to receive.
  public void read(ByteBuf part, boolean exclusive, Attempt attempt) {
    exclusivePart = exclusive ? part : null;
    reader.read(part, this);
    exclusivePart = null;
    if (end != null && !reader.isComplete()) {
      giveEnd();
    }
    if (!discarding && !writer.isWritable()) {
      attempt.pause();
    }
  }

  /// Gives on what is held of the reply's end.
  public void giveEnd() {
    // One by one: a caller that is lost while it is given one has the others released.
    while (end != null && !end.isEmpty()) {
      ByteBuf part = end.removeFirst();
      if (discarding) {
        part.release();
      } else {
        writer.part(part, false);
      }
    }
  }

  /// The caller has left: what follows is read for what it costs, and given to nobody.
  public void discard() {
    discarding = true;
  }

  /// The provider's body ended cleanly: gives on what was held back.
  public void finish() {
    reader.finish(this);
  }

  /// Whether the caller has the whole reply.
  public boolean isWhole() {
    return resumable == null ? reader.isComplete() && !reader.hasError() : resumable.isDone();
  }

  /// Whether the reply cannot go on, though its bytes do.
  public boolean isBroken() {
    return resumable != null && (resumable.hasFailed() || resumable.hasDisagreed());
  }

  /// Whether another reply may go on where this one broke.
  public boolean isResumable() {
    return resumable != null && resumable.isResumable();
  }

  @Override
  public void part(ByteBuf part) {
    if (resumable == null) {
      give(part);
    } else {
      resumable.read(part, this::give);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the same buffer, not one with the same bytes
  private void give(ByteBuf part) {
    if (discarding) {
      part.release();
      return;
    }
    int after = part.writerIndex();
    bytes += part.readableBytes();
    lastTwoBytes =
        part.readableBytes() > 1
            ? part.getUnsignedShort(after - 2)
            : (lastTwoBytes & 0xff) << 8 | part.getUnsignedByte(after - 1);
    if (end == null) {
      writer.part(part, part == exclusivePart);
    } else {
      end.add(part);
    }
  }

  /// Whether what the caller has so far ends at the end of a record.
  public boolean isAtRecordEnd() {
    return lastTwoBytes == TWO_LINE_ENDS && (end == null || end.isEmpty());
  }

  /// Bytes given to the caller.
  public long bytes() {
    return bytes;
  }

  public ReplyReader reader() {
    return reader;
  }

  /// Releases what the reader holds; further calls do nothing.
  public void release() {
    if (!released) {
      released = true;
      if (end != null) {
        end.forEach(ByteBuf::release);
        end.clear();
      }
      reader.release();
    }
  }
}
