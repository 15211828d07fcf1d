package io.llmproxy.proxy.upstream;

import io.llmproxy.proxy.http.Http2Fields;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/// Makes connections that speak HTTP/2 to a provider, with windows and limits of our own.
final class Http2UpstreamBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Upstream, Http2UpstreamBuilder> {
  private static final int STREAM_WINDOW_BYTES = 256 << 10;
  private static final int MOST_FIELD_BYTES = 64 << 10;

  private final UpstreamPool pool;
  private final Http2ReplyFrames frames = new Http2ReplyFrames();

  Http2UpstreamBuilder(UpstreamPool pool) {
    this.pool = pool;
    DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
    // Refilled without being asked (the last argument): however many attempts are paused, each
    // holds up its own stream alone (RFC 9113 section 5.2.1).
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
    headerSensitivityDetector(Http2Fields.NEVER_INDEXED);
    gracefulShutdownTimeoutMillis(0);
    // ResetRate watches over resets and keeps the connection's other streams.
    encoderEnforceMaxRstFramesPerWindow(0, 0);
  }

  @Override
  protected Http2Upstream build() {
    frameListener(frames);
    Http2Upstream handler = super.build();
    frames.attach(handler);
    return handler;
  }

  @Override
  protected Http2Upstream build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    return new Http2Upstream(decoder, encoder, settings, pool, frames);
  }
}
