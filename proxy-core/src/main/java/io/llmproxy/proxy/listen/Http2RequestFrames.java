package io.llmproxy.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Hands the frames a caller sends to the connection they came on.
final class Http2RequestFrames extends Http2FrameAdapter {

  private @Nullable Http2Downstream downstream;

  void attach(Http2Downstream downstream) {
    this.downstream = downstream;
  }

  private Http2Downstream downstream() {
    if (downstream == null) {
      throw new IllegalStateException("not attached yet");
    }
    return downstream;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    return downstream().onData(streamId, data, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    downstream().onHeaders(streamId, headers, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    downstream().onHeaders(streamId, headers, endOfStream);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    downstream().onPingAck(data);
  }
}
