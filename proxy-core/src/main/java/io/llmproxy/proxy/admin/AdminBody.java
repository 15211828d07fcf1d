package io.llmproxy.proxy.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/// Gathers a request's body, which the admin listener has no use for, and refuses a long one.
final class AdminBody extends HttpObjectAggregator {

  private static final int LONGEST_BYTES = 16 * 1024;

  AdminBody() {
    super(LONGEST_BYTES, true);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    AdminReply reply = AdminReply.error(413, "request_too_large", "No body is needed here.");
    ctx.writeAndFlush(AdminHandler.response(reply, false, false))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
