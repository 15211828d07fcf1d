package io.llmproxy.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection with several requests in flight: frames only, no child channels.
final class Http2Client extends Http2ConnectionHandler implements LoadConnection {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CONNECTION_WINDOW_BYTES = 16 << 20;

  /// What a connection sends, its places in flight, and who counts.
  ///
  /// @param body borrowed for as long as the connection is open
  record Traffic(Http2Headers head, ByteBuf body, List<Slot> slots, LoadTally tally) {}

  private final Traffic traffic;
  private final Http2Connection.PropertyKey slotKey;
  private int nextStreamId = 1;
  private long readNanos;

  private Http2Client(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Traffic traffic) {
    super(decoder, encoder, settings);
    this.traffic = traffic;
    this.slotKey = encoder.connection().newKey();
    decoder.frameListener(new Replies());
  }

  static Http2Client of(Traffic traffic) {
    return new Builder(traffic).build();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    // Sends the preface, which nothing may precede.
    super.channelActive(ctx);
    widenConnectionWindow();
    flush(ctx);
  }

  private void widenConnectionWindow() throws Http2Exception {
    Http2Connection connection = connection();
    connection
        .local()
        .flowController()
        .incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW_BYTES);
  }

  @Override
  public void begin(ChannelHandlerContext ctx, int slotIndex) {
    send(ctx, traffic.slots().get(slotIndex));
    // This handler's own flush: the context's would leave DATA with the flow controller.
    flush(ctx);
  }

  /// The read that brought the end of a reply also flushes what follows it.
  private void send(ChannelHandlerContext ctx, Slot slot) {
    int id = nextStreamId;
    nextStreamId += 2;
    slot.begin(System.nanoTime());
    encoder().writeHeaders(ctx, id, traffic.head(), 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      slot.fail("peer takes no further streams");
      return;
    }
    stream.setProperty(slotKey, slot);
    encoder().writeData(ctx, id, traffic.body().retainedDuplicate(), 0, true, ctx.newPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    readNanos = System.nanoTime();
    super.channelRead(ctx, msg);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    failAll("connection closed by the peer");
  }

  @Override
  public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
    failAll(cause.toString());
    super.onError(ctx, outbound, cause);
  }

  private void failAll(String reason) {
    for (Slot slot : traffic.slots()) {
      slot.fail(reason);
    }
  }

  private @Nullable Slot slot(int streamId) {
    Http2Stream stream = connection().stream(streamId);
    return stream == null ? null : stream.getProperty(slotKey);
  }

  private void endReply(ChannelHandlerContext ctx, Slot slot) {
    if (slot.end() && traffic.tally().mayRepeat()) {
      send(ctx, slot);
    }
  }

  /// Frames of replies.
  private final class Replies extends Http2FrameAdapter {

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endStream) {
      onHeadersRead(ctx, streamId, headers, padding, endStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endStream) {
      Slot slot = slot(streamId);
      if (slot == null || !slot.busy()) {
        return;
      }
      slot.readAt(readNanos);
      CharSequence status = headers.status();
      // Trailers bear no status.
      if (status != null) {
        slot.status(Integer.parseInt(status, 0, status.length(), 10));
      }
      if (endStream) {
        endReply(ctx, slot);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endStream) {
      int bytes = data.readableBytes();
      Slot slot = slot(streamId);
      if (slot != null && slot.busy()) {
        slot.readAt(readNanos);
        slot.body(data, data.readerIndex(), bytes);
        if (endStream) {
          endReply(ctx, slot);
        }
      }
      return bytes + padding;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
      Slot slot = slot(streamId);
      if (slot != null) {
        slot.fail("stream reset by the peer, error " + errorCode);
      }
    }

    @Override
    public void onGoAwayRead(
        ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
      failAll("GOAWAY of the peer, error " + errorCode + " " + debugData.toString(US_ASCII));
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Client, Builder> {
    private final Traffic traffic;

    Builder(Traffic traffic) {
      this.traffic = traffic;
      connection(new DefaultHttp2Connection(false));
      validateHeaders(false);
      frameListener(new Http2FrameAdapter());
      gracefulShutdownTimeoutMillis(0);
      initialSettings(
          Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(WINDOW_BYTES));
    }

    @Override
    protected Http2Client build() {
      return super.build();
    }

    @Override
    protected Http2Client build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Client(decoder, encoder, settings, traffic);
    }
  }
}
