package io.llmproxy.proxy.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;

/// Stands behind HTTP/2, of a caller's connection or a provider's. Netty answers what breaks the
/// protocol; what is left is a connection that is lost, or whose bytes are no TLS. Nobody needs to
/// be told of that by the log: channelInactive follows, and ends what ran there.
@Sharable
public final class LostConnection extends ChannelInboundHandlerAdapter {

  public static final LostConnection HANDLER = new LostConnection();

  private LostConnection() {}

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    Throwable first = cause instanceof DecoderException ? cause.getCause() : cause;
    if (first instanceof IOException) {
      ctx.close();
    } else {
      super.exceptionCaught(ctx, cause);
    }
  }
}
