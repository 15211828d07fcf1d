package io.llmproxy.bench.load;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;

/// A connection's handler that can be told to send its first requests.
interface LoadConnection extends ChannelHandler {

  /// Sends the request of one of this connection's places in flight. On the event loop.
  void begin(ChannelHandlerContext ctx, int slotIndex);
}
