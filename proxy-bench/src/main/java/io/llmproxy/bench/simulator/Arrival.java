package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A request as it arrives: its head, and as much of its body as is there. Event loop only.
final class Arrival {

  /// A request's fields, of either protocol.
  ///
  /// @param get the first value of a lower-case name
  record Fields(
      Function<CharSequence, @Nullable CharSequence> get,
      Iterable<Map.Entry<CharSequence, CharSequence>> all) {}

  /// Bodies beyond this many bytes are counted and refused.
  static final int MAX_BODY = 128 * 1024 * 1024;

  final String method;
  final String path;
  final Fields fields;

  private @Nullable ByteBuf body;
  private boolean copied;
  private boolean early;
  private long bodyBytes;

  Arrival(String method, String path, Fields fields) {
    this.method = method;
    this.path = path;
    this.fields = fields;
  }

  /// Takes a part of the body.
  void add(ByteBuf part, ByteBufAllocator alloc) {
    bodyBytes += part.readableBytes();
    if (!part.isReadable() || bodyBytes > MAX_BODY) {
      part.release();
    } else if (body == null) {
      body = part;
    } else {
      append(body, part, alloc);
    }
  }

  private void append(ByteBuf known, ByteBuf part, ByteBufAllocator alloc) {
    ByteBuf whole = known;
    if (!copied) {
      whole = alloc.heapBuffer(Math.max(64 * 1024, 2 * known.readableBytes()));
      whole.writeBytes(known);
      known.release();
      copied = true;
    }
    whole.writeBytes(part);
    part.release();
    body = whole;
  }

  /// Notes that it is answered before its body is there.
  void answerEarly() {
    early = true;
  }

  boolean isEarly() {
    return early;
  }

  /// Bytes of the body so far, those not kept included.
  long bodyBytes() {
    return bodyBytes;
  }

  /// Lends the body so far; null while it is empty.
  @Nullable ByteBuf body() {
    return body;
  }

  void release() {
    if (body != null) {
      body.release();
      body = null;
    }
  }
}
