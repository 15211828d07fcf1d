package io.llmproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// An HTTP/1.1 connection with one request in flight.
final class Http1Client extends ChannelInboundHandlerAdapter implements LoadConnection {
  private final ByteBuf request;
  private final LoadTally tally;
  private final Slot slot;
  private final Http1ReplyScanner scanner = new Http1ReplyScanner();

  /// @param request borrowed for as long as the connection is open
  Http1Client(ByteBuf request, Slot slot, LoadTally tally) {
    this.request = request;
    this.slot = slot;
    this.tally = tally;
  }

  @Override
  public void begin(ChannelHandlerContext ctx, int slotIndex) {
    slot.begin(System.nanoTime());
    ctx.writeAndFlush(request.retainedDuplicate());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    ByteBuf in = (ByteBuf) msg;
    try {
      if (slot.busy()) {
        slot.readAt(System.nanoTime());
        if (scanner.read(in, slot)) {
          endReply(ctx, in);
        }
      } else if (in.isReadable()) {
        ctx.close();
      }
    } finally {
      in.release();
    }
  }

  private void endReply(ChannelHandlerContext ctx, ByteBuf rest) {
    if (rest.isReadable()) {
      slot.fail("bytes after the reply's end");
      ctx.close();
      return;
    }
    boolean good = slot.end();
    if (scanner.closing()) {
      ctx.close();
    }
    if (good && tally.mayRepeat()) {
      begin(ctx, 0);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    slot.fail(
        scanner.midReply() ? "connection closed within a reply" : "connection closed by the peer");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    slot.fail(cause.toString());
    ctx.close();
  }
}
