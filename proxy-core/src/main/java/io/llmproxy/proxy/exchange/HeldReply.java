package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.api.Replies;
import io.llmproxy.provider.wire.PartSink;
import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.ReplyReader;
import io.llmproxy.provider.wire.SharedRoom;
import io.llmproxy.proxy.http.Names;
import io.llmproxy.proxy.upstream.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reply of which the caller has heard nothing yet: a stream until its first content, any other
/// until it is whole, so that it is told from an error that bears the status of success.
final class HeldReply implements PartSink {

  /// Beyond this no reply is an error, and none that is no stream waits any longer.
  static final int MOST_BYTES = 256 << 10;

  /// A stream that has come so far without content is none, and none for which there is no room.
  private static final int MOST_BYTES_BEFORE_CONTENT = 16 << 20;

  private static final int MOST_ERROR_BYTES = 64 << 10;
  private static final int BYTE_ORDER_MARK = 0xEFBBBF;

  private final UpstreamHead head;
  private final ReplyReader reader;
  private final boolean stream;
  private final List<ByteBuf> parts = new ArrayList<>(4);

  /// The beginning of the provider's own bytes where the reader gives others.
  private @Nullable ByteBuf raw;

  private final SharedRoom room = new SharedRoom(MOST_BYTES_BEFORE_CONTENT);
  private long bytes;
  private boolean begun;
  private boolean discarding;

  /// @param stream whether the caller is given a stream while it arrives
  /// @param rewritten whether the reader gives other bytes than it reads
  HeldReply(UpstreamHead head, ReplyReader reader, boolean stream, boolean rewritten) {
    this.head = head;
    this.reader = reader;
    this.stream = stream;
    this.raw = rewritten ? ByteBufAllocator.DEFAULT.buffer(1024) : null;
  }

  /// @param streamed whether a stream was asked for
  static HeldReply of(
      UpstreamHead head, Replies replies, boolean streamed, AsciiString requestId, Timing timing) {
    boolean eventStream = head.isEventStream();
    boolean reshaped = replies.areReshaped(eventStream, streamed);
    ReplyReader reader =
        replies.reader(
            eventStream,
            streamed,
            ByteBufAllocator.DEFAULT,
            requestId.toString(),
            timing.startedMillis / 1000);
    if (reshaped) {
      head.showAs(streamed ? Names.EVENT_STREAM : Names.JSON);
    }
    boolean passing = eventStream || head.bodyBytes() > MOST_BYTES;
    boolean rewritten = reshaped || replies.areTranslated();
    return new HeldReply(head, reader, !reshaped && passing, rewritten);
  }

  /// Takes `part`, the provider's next bytes.
  void read(ByteBuf part) {
    if (!begun) {
      begun = true;
      skipMark(part);
    }
    if (raw != null) {
      int more = Math.min(MOST_ERROR_BYTES - raw.readableBytes(), part.readableBytes());
      raw.writeBytes(part, part.readerIndex(), more);
    }
    reader.read(part, this);
  }

  /// Clients of event streams that do not know a byte order mark lose the first record to it.
  private static void skipMark(ByteBuf part) {
    if (part.readableBytes() >= 3
        && part.getUnsignedMedium(part.readerIndex()) == BYTE_ORDER_MARK) {
      part.skipBytes(3);
    }
  }

  /// The provider's body ended cleanly.
  void finish() {
    reader.finish(this);
  }

  /// Whether the caller may hear of it now, though it is not whole.
  boolean isDue() {
    boolean longJson = bytes > MOST_BYTES && !head.isEventStream();
    return longJson || (stream && (reader.hasContent() || reader.isComplete()));
  }

  /// Whether it is a stream that seems never to come to its content.
  boolean isEndless() {
    return stream && !room.has(bytes);
  }

  @Override
  public void part(ByteBuf part) {
    if (discarding) {
      part.release();
    } else {
      bytes += part.readableBytes();
      parts.add(part);
    }
  }

  /// Nobody is to hear of it: it is read on for what it costs.
  void discard() {
    discarding = true;
    bytes = 0;
    room.clear();
    parts.forEach(ByteBuf::release);
    parts.clear();
  }

  UpstreamHead head() {
    return head;
  }

  ReplyReader reader() {
    return reader;
  }

  /// What the caller is to receive, as far as it is there.
  long bytes() {
    return bytes;
  }

  /// What the provider says went wrong, by the reply that it began as a success.
  ProviderError error() {
    byte[] beginning = beginning();
    return ProviderErrors.read(
        head, head.isEventStream() ? ProviderErrors.lastRecord(beginning) : beginning);
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
    room.clear();
    releaseRaw();
  }

  /// Releases what is held, and the reader.
  void release() {
    parts.forEach(ByteBuf::release);
    parts.clear();
    room.clear();
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
