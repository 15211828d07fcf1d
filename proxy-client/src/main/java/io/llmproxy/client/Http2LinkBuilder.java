package io.llmproxy.client;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/// Makes connections that speak HTTP/2.
final class Http2LinkBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Link, Http2LinkBuilder> {

  /// What a reply that nobody reads may hold in memory.
  private static final int STREAM_WINDOW_BYTES = 64 << 10;

  private static final int MOST_FIELD_BYTES = 64 << 10;

  private final Pool pool;
  private final Http2Frames frames = new Http2Frames();

  Http2LinkBuilder(Pool pool) {
    this.pool = pool;
    DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
    // The connection's window is refilled as it is read (the last argument): a stream that is
    // paused holds up itself alone (RFC 9113 section 5.2.1).
    connection.local().flowController(new DefaultHttp2LocalFlowController(connection, 0.5f, true));
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection(connection);
    initialSettings(
        Http2Settings.defaultSettings()
            .pushEnabled(false)
            .initialWindowSize(STREAM_WINDOW_BYTES)
            .maxHeaderListSize(MOST_FIELD_BYTES));
    gracefulShutdownTimeoutMillis(0);
    // A worker that cancels many streams at once is no attack on itself.
    encoderEnforceMaxRstFramesPerWindow(0, 0);
  }

  @Override
  protected Http2Link build() {
    frameListener(frames);
    Http2Link link = super.build();
    frames.attach(link);
    return link;
  }

  @Override
  protected Http2Link build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    return new Http2Link(decoder, encoder, settings, pool);
  }
}
