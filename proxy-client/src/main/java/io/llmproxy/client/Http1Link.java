package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A connection that speaks HTTP/1.1 and carries one request at a time.
final class Http1Link extends ChannelInboundHandlerAdapter implements Link {

  private final Pool pool;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Sending current;
  private boolean keepsAlive = true;

  Http1Link(Pool pool) {
    this.pool = pool;
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public boolean hasRoom() {
    return current == null && keepsAlive && context().channel().isActive();
  }

  @Override
  public int load() {
    return current == null ? 0 : 1;
  }

  @Override
  public void send(Sending sending) {
    current = sending;
    sending.link = this;
    ByteBuf body =
        sending.body.isReadable() ? sending.body.retainedDuplicate() : Unpooled.EMPTY_BUFFER;
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(sending.method),
            sending.path,
            body);
    HttpHeaders headers = request.headers();
    headers.set("host", pool.endpoint().authority());
    List<String> fields = sending.fields;
    for (int i = 0; i < fields.size(); i += 2) {
      headers.add(fields.get(i), fields.get(i + 1));
    }
    if (body.isReadable()) {
      HttpUtil.setContentLength(request, body.readableBytes());
    }
    context().writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    Sending sending = current;
    if (sending == null) {
      ReferenceCountUtil.release(msg);
      ctx.close();
      return;
    }
    if (msg instanceof HttpResponse response) {
      onHead(sending, response);
    }
    if (msg instanceof HttpContent content) {
      onContent(sending, content);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  private void onHead(Sending sending, HttpResponse response) {
    int status = response.status().code();
    if (response.decoderResult().isFailure()) {
      lose("the reply is not HTTP/1.1");
    } else if (status >= 200) {
      keepsAlive = HttpUtil.isKeepAlive(response);
      sending.replied = true;
      sending.listener.onHead(status, fields(response.headers()));
    }
  }

  private void onContent(Sending sending, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      lose("the reply's framing is broken");
      return;
    }
    boolean told = sending.replied && !sending.over;
    if (told && content.content().isReadable()) {
      sending.listener.onPart(content.content().retain());
    }
    Map<String, String> trailers =
        content instanceof LastHttpContent last ? fields(last.trailingHeaders()) : Map.of();
    content.release();
    if (content instanceof LastHttpContent && sending.replied && !sending.over) {
      finish(sending, trailers);
    }
  }

  private static Map<String, String> fields(HttpHeaders headers) {
    Map<String, String> fields = new HashMap<>();
    headers.forEach(field -> fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
    return fields;
  }

  private void finish(Sending sending, Map<String, String> trailers) {
    sending.over = true;
    sending.link = null;
    current = null;
    context().channel().config().setAutoRead(true);
    sending.listener.onEnd(trailers);
    if (keepsAlive) {
      pool.roomAgain();
    } else {
      context().close();
    }
  }

  private void lose(String why) {
    Sending sending = current;
    current = null;
    if (sending != null) {
      sending.link = null;
      sending.lost(why, false);
    }
    context().close();
  }

  @Override
  public void cancel(Sending sending) {
    sending.over = true;
    sending.link = null;
    current = null;
    keepsAlive = false;
    context().close();
  }

  @Override
  public void pause(Sending sending) {
    sending.paused = true;
    context().channel().config().setAutoRead(false);
  }

  @Override
  public void resume(Sending sending) {
    sending.paused = false;
    context().channel().config().setAutoRead(true);
  }

  @Override
  public void close() {
    keepsAlive = false;
    context().close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    boolean abrupt = current != null;
    keepsAlive = false;
    pool.closed(this, abrupt);
    lose("the connection was closed before the reply was whole");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lose("the connection failed: " + cause.getMessage());
  }
}
