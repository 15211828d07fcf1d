package io.llmproxy.provider.request;

import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;

/// A body that was written anew, in another dialect than the caller's.
public final class WrittenBody implements UpstreamBody {

  private final ByteBuf bytes;

  /// Takes `bytes`.
  public WrittenBody(ByteBuf bytes) {
    this.bytes = bytes;
  }

  @Override
  public long length() {
    return bytes.readableBytes();
  }

  @Override
  public void emit(PartSink sink) {
    sink.part(bytes.retainedDuplicate());
  }

  @Override
  public void release() {
    bytes.release();
  }
}
