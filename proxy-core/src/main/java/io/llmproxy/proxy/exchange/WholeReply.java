package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.relay.Relay;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reply that is no stream, or is to be none, gathered so that it is told from an error that
/// bears the status of success before the caller hears of either.
final class WholeReply implements PartSink {

  /// Beyond this no reply is an error, and none waits to be whole.
  static final int MOST_BYTES = 256 << 10;

  private static final int MOST_ERROR_BYTES = 64 << 10;

  private final UpstreamHead head;
  private final ReplyReader reader;
  private final Answer answer;
  private final ExchangeRecord record;
  private final List<ByteBuf> parts = new ArrayList<>(4);

  /// The beginning of the provider's own bytes where the reader gives others.
  private @Nullable ByteBuf raw;

  private long bytes;

  /// @param rewritten whether the reader gives other bytes than it reads
  WholeReply(
      UpstreamHead head,
      ReplyReader reader,
      boolean rewritten,
      Answer answer,
      ExchangeRecord record) {
    this.head = head;
    this.reader = reader;
    this.answer = answer;
    this.record = record;
    this.raw = rewritten ? ByteBufAllocator.DEFAULT.buffer(1024) : null;
  }

  /// Takes `part`, the provider's next bytes. Gives the relay that goes on where the reply has
  /// become too long to be held, null where it has not.
  @Nullable Relay read(ByteBuf part) {
    if (raw != null) {
      int room = Math.min(MOST_ERROR_BYTES - raw.readableBytes(), part.readableBytes());
      raw.writeBytes(part, part.readerIndex(), room);
    }
    reader.read(part, this);
    if (bytes <= MOST_BYTES) {
      return null;
    }
    Relay relay = new Relay(reader, answer.writer());
    answer.head(head, record);
    giveTo(relay);
    return relay;
  }

  /// The provider's body ended cleanly: tells the caller. Gives the failure that is to be told
  /// instead, null where there is none.
  @Nullable Failure end() {
    reader.finish(this);
    if (reader.hasError()) {
      answer.error(head, ProviderErrors.read(head, beginning()), record);
    } else if (reader.isComplete()) {
      answer.whole(head, this, record);
    } else {
      return Failures.notAReply(record.provider());
    }
    return null;
  }

  @Override
  public void part(ByteBuf part) {
    bytes += part.readableBytes();
    parts.add(part);
  }

  ReplyReader reader() {
    return reader;
  }

  /// What the caller is to receive, as far as it is there.
  long bytes() {
    return bytes;
  }

  /// A copy of the beginning of what the provider sent, or, where that is longer than any error, of
  /// what the reader makes of it.
  private byte[] beginning() {
    ByteBuf sent = raw;
    if (sent != null && (parts.isEmpty() || sent.readableBytes() < MOST_ERROR_BYTES)) {
      byte[] copy = new byte[sent.readableBytes()];
      sent.getBytes(sent.readerIndex(), copy);
      return copy;
    }
    byte[] copy = new byte[(int) Math.min(bytes, MOST_ERROR_BYTES)];
    int done = 0;
    for (int i = 0; done < copy.length; i++) {
      ByteBuf part = parts.get(i);
      int size = Math.min(part.readableBytes(), copy.length - done);
      part.getBytes(part.readerIndex(), copy, done, size);
      done += size;
    }
    return copy;
  }

  /// Gives `sink` what is there and keeps nothing.
  void giveTo(PartSink sink) {
    parts.forEach(sink::part);
    parts.clear();
    releaseRaw();
  }

  /// Releases what is held, and the reader.
  void release() {
    parts.forEach(ByteBuf::release);
    parts.clear();
    releaseRaw();
    reader.release();
  }

  private void releaseRaw() {
    if (raw != null) {
      raw.release();
      raw = null;
    }
  }
}
