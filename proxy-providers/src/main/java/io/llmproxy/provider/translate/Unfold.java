package io.llmproxy.provider.translate;

import io.netty.buffer.ByteBuf;

/// Says one whole reply as a stream of the same dialect, every string and every field in the bytes
/// it came in.
interface Unfold {

  /// Appends to `out` the stream that says the same as `reply`, an object in which no white space
  /// stands between tokens; whether it is the whole reply it is to be.
  boolean write(JsonSpan reply, ByteBuf out);
}
