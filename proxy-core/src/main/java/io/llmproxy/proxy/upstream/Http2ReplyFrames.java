package io.llmproxy.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the frames that a provider sends on one connection, and tells its attempts what they
/// bring.
final class Http2ReplyFrames extends Http2FrameAdapter {

  private final List<Attempt> touched = new ArrayList<>();
  private @Nullable Http2Upstream upstream;

  void attach(Http2Upstream upstream) {
    this.upstream = upstream;
  }

  private Http2Upstream upstream() {
    if (upstream == null) {
      throw new IllegalStateException("not attached yet");
    }
    return upstream;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    return onData(upstream(), streamId, data, padding, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream) {
    onHeaders(streamId, headers, endOfStream);
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
      boolean endOfStream) {
    onHeaders(streamId, headers, endOfStream);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    upstream().onReset(streamId, errorCode);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    upstream().onSettings(settings);
  }

  @Override
  public void onGoAwayRead(
      ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
    upstream().leave();
  }

  private void onHeaders(int streamId, Http2Headers headers, boolean last) {
    Http2Upstream connection = upstream();
    Attempt attempt = connection.attempt(streamId);
    if (attempt != null
        && (attempt.replied || readHead(connection, attempt, headers))
        && last
        && !attempt.over) {
      connection.finish(attempt);
    }
  }

  /// Returns false where the head was an interim one or malformed.
  private boolean readHead(Http2Upstream connection, Attempt attempt, Http2Headers headers) {
    UpstreamHead head = Http2Heads.reply(headers);
    if (head == null) {
      connection.malformed(attempt, "sent a reply without a status");
      return false;
    }
    if (head.status() < 200) {
      return false;
    }
    attempt.replied = true;
    touch(attempt);
    attempt.listener.onHead(head);
    return true;
  }

  /// Returns how many bytes of flow control to give back at once. What an attempt that is paused
  /// keeps is of its stream's window alone: the connection's is refilled as it is read.
  private int onData(
      Http2Upstream connection, int streamId, ByteBuf data, int padding, boolean last) {
    int bytes = data.readableBytes() + padding;
    Attempt attempt = connection.attempt(streamId);
    if (attempt == null || !attempt.replied) {
      return bytes;
    }
    touch(attempt);
    if (data.isReadable()) {
      attempt.listener.onPart(data.retainedSlice(), false);
    }
    if (last && !attempt.over) {
      connection.finish(attempt);
    }
    if (attempt.paused && !attempt.over) {
      attempt.unconsumedBytes += bytes;
      return 0;
    }
    return bytes;
  }

  private void touch(Attempt attempt) {
    if (!attempt.touched) {
      attempt.touched = true;
      touched.add(attempt);
    }
  }

  /// All of one read of the connection was dealt with.
  void endBatch() {
    for (int i = 0; i < touched.size(); i++) {
      Attempt attempt = touched.get(i);
      attempt.touched = false;
      attempt.listener.onBatchEnd();
    }
    touched.clear();
  }
}
