package io.llmproxy.bench.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/// Stands before the socket of a connection that is half open: nothing is sent or read any more.
final class Frozen extends ChannelOutboundHandlerAdapter {

  private Frozen() {}

  static void freeze(Channel channel) {
    channel.flush();
    channel.config().setAutoRead(false);
    channel.pipeline().addFirst(new Frozen());
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    // the peer's bytes stay in the kernel
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    ReferenceCountUtil.release(msg);
    promise.trySuccess();
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    // there is nothing to send
  }
}
