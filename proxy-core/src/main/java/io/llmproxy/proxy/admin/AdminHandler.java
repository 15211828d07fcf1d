package io.llmproxy.proxy.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/// Answers the requests of one connection to the admin listener.
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LogManager.getLogger(AdminHandler.class);

  private final AdminGate gate;
  private final AdminPages pages;

  AdminHandler(AdminGate gate, AdminPages pages) {
    this.gate = gate;
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    AdminReply reply = answer(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    boolean bodiless = request.method().equals(HttpMethod.HEAD);
    ChannelFuture written = ctx.writeAndFlush(response(reply, bodiless, keepAlive));
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private AdminReply answer(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return AdminReply.error(400, "invalid_request_error", "This is not an HTTP request.");
    }
    String path = path(request.uri());
    AdminReply refusal = AdminPages.isOpen(path) ? null : gate.refuse(request.headers());
    if (refusal != null) {
      return refusal;
    }
    String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
    try {
      return pages.answer(request.method(), path, accept);
    } catch (RuntimeException e) {
      LOG.error("the admin page {} failed", path, e);
      return AdminReply.error(500, "internal_error", "This page failed; the log says why.");
    }
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  static FullHttpResponse response(AdminReply reply, boolean bodiless, boolean keepAlive) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body()));
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    headers.setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().remaining());
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set("x-content-type-options", "nosniff");
    headers.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
    if (!reply.allow().isEmpty()) {
      headers.set(HttpHeaderNames.ALLOW, reply.allow());
    }
    if (reply.status() == 401) {
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, "close");
    }
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
    if (!(cause instanceof IOException) && !(cause instanceof ReadTimeoutException)) {
      LOG.warn("a connection to the admin listener failed", cause);
    }
    ctx.close();
  }
}
