package io.llmproxy.bench.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;

/// Tells HTTP/2 by prior knowledge from HTTP/1.1 by a connection's first four bytes (RFC 9113,
/// 3.4), and makes way for its handlers.
final class PrefaceDetector extends ByteToMessageDecoder {

  private static final int PREFACE_START = 0x50524920; // "PRI "

  private final Desk desk;
  private final Paths paths;

  PrefaceDetector(Desk desk, Paths paths) {
    this.desk = desk;
    this.paths = paths;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 4) {
      return;
    }
    if (in.getInt(in.readerIndex()) == PREFACE_START) {
      installHttp2(ctx.pipeline(), desk, paths);
    } else {
      installHttp1(ctx.pipeline(), desk, paths);
    }
    ctx.pipeline().remove(this);
  }

  static void installHttp2(ChannelPipeline pipeline, Desk desk, Paths paths) {
    pipeline.addLast("http2", Http2Handler.create(desk, paths));
  }

  static void installHttp1(ChannelPipeline pipeline, Desk desk, Paths paths) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(16 * 1024)
            .setMaxHeaderSize(64 * 1024)
            .setMaxChunkSize(64 * 1024)
            .setValidateHeaders(false);
    pipeline.addLast("http1", new HttpServerCodec(config));
    pipeline.addLast("reply", new Http1Handler(desk, paths, pipeline.context("http1")));
  }
}
