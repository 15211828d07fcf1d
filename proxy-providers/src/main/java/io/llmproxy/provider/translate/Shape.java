package io.llmproxy.provider.translate;

import io.llmproxy.provider.wire.PartSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Takes a whole reply in its caller's dialect, in the shape that the caller did not ask for, and
/// holds what it needs to say it in the other. For one thread.
interface Shape extends PartSink {

  /// The reply ended: gives it in the other shape, null where it was not whole.
  @Nullable ByteBuf whole(ByteBufAllocator allocator);

  /// Gives what the reply says of an error in JSON, null where that is for others to tell.
  @Nullable ByteBuf error(ByteBufAllocator allocator);

  /// Whether the reply is longer than can be held.
  boolean isOverflown();

  /// Releases what is held.
  void release();
}
