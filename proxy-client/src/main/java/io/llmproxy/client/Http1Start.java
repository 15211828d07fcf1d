package io.llmproxy.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Puts a [Http1Link] in its own place once the connection is open.
final class Http1Start extends ChannelInboundHandlerAdapter {

  private final Opening opening;

  Http1Start(Opening opening) {
    this.opening = opening;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      start(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    start(ctx);
  }

  private void start(ChannelHandlerContext ctx) {
    Http1Link link = opening.newHttp1Link();
    ctx.pipeline().replace(this, null, link);
    opening.http1(link);
  }
}
