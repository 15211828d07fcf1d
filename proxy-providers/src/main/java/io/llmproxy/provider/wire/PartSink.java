package io.llmproxy.provider.wire;

import io.netty.buffer.ByteBuf;

/// Where the bytes of a reply go next.
@FunctionalInterface
public interface PartSink {

  /// Takes `part`, which holds at least one readable byte.
  void part(ByteBuf part);
}
