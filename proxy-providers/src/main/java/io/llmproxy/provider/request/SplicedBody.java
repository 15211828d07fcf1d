package io.llmproxy.provider.request;

import io.llmproxy.provider.json.Segments;
import io.llmproxy.provider.json.Splice;
import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;

/// A request's body as one provider is to receive it. Lives as long as the [RequestBody] it is made
/// from.
public final class SplicedBody implements UpstreamBody {
  /// Up to here one copy costs less than several buffers cost on their way out.
  private static final int COPIED_BYTES = 4096;

  private final Segments segments;
  private final Splice splice;

  SplicedBody(Segments segments, Splice splice) {
    this.segments = segments;
    this.splice = splice;
  }

  @Override
  public long length() {
    return segments.length() + splice.lengthChange();
  }

  /// Slices of what was received and buffers of what is new, or one copy where the body is small.
  @Override
  public void emit(PartSink sink) {
    if (splice.isEmpty() || length() > COPIED_BYTES) {
      segments.emit(splice, sink);
      return;
    }
    ByteBuf whole = segments.allocator().buffer((int) length());
    segments.emit(
        splice,
        part -> {
          whole.writeBytes(part);
          part.release();
        });
    sink.part(whole);
  }

  /// The bytes are the caller's request's own.
  @Override
  public void release() {}
}
