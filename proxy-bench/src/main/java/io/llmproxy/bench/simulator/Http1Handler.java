package io.llmproxy.bench.simulator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection: a request at a time, later ones wait for the reply's end.
///
/// Bodies go past the codec, framed here, since an event's chunk is the same bytes each time.
final class Http1Handler extends ChannelInboundHandlerAdapter
    implements ReplySink, Ticker.Flushable {

  private static final ByteBuf CRLF =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeByte('\r').writeByte('\n'));
  private static final int SLOW_READ_BYTES = 512;

  private final Desk desk;
  private final Paths paths;
  private final Channel channel;
  private final ChannelHandlerContext codec;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();

  private @Nullable Arrival arrival;
  private @Nullable OpenReply reply;
  private boolean replying;
  private boolean keepAlive = true;
  private boolean chunked;
  private boolean peeked;
  private boolean touched;
  private boolean slow;
  private boolean draining;
  private long bytesLeft;

  /// `codec` is the place of Netty's HTTP codec in the pipeline.
  Http1Handler(Desk desk, Paths paths, ChannelHandlerContext codec) {
    this.desk = desk;
    this.paths = paths;
    this.codec = codec;
    channel = codec.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    boolean next = msg instanceof HttpRequest && (replying || !waiting.isEmpty());
    if (next || !waiting.isEmpty()) {
      waiting.add(msg);
    } else {
      accept(msg);
    }
  }

  private void accept(Object msg) {
    if (msg instanceof HttpRequest request) {
      begin(request);
    }
    if (msg instanceof HttpContent content) {
      receive(content);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  private void begin(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      channel.close();
      return;
    }
    keepAlive = HttpUtil.isKeepAlive(request);
    HttpHeaders headers = request.headers();
    Arrival.Fields fields = new Arrival.Fields(headers::get, () -> headers.iteratorCharSequence());
    arrival = new Arrival(request.method().name(), request.uri(), fields);
    peeked = false;
    if (HttpUtil.is100ContinueExpected(request)) {
      channel.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void receive(HttpContent content) {
    Arrival open = arrival;
    if (open == null) {
      content.release(); // the rest of a request that was answered early
      return;
    }
    open.add(content.content(), codec.alloc());
    if (content instanceof LastHttpContent) {
      answer(open);
    } else if (!peeked && open.body() != null) {
      peeked = true;
      peek(open);
    }
  }

  private void peek(Arrival open) {
    Script script = desk.peek(open);
    if (script == null) {
      return;
    }
    if (script.early()) {
      keepAlive = false;
      open.answerEarly();
      answer(open);
    } else if (script.slowReadBytes() > 0) {
      readSlowly(script.slowReadBytes());
    }
  }

  /// Reads a few bytes at a time from now on, until the body is there.
  private void readSlowly(int bytesPerSecond) {
    slow = true;
    channel.config().setAutoRead(false);
    channel
        .config()
        .setRecvByteBufAllocator(
            new FixedRecvByteBufAllocator(SLOW_READ_BYTES).maxMessagesPerRead(1));
    long pauseNanos = 1_000_000_000L * SLOW_READ_BYTES / bytesPerSecond;
    channel.eventLoop().schedule(() -> readSome(pauseNanos), pauseNanos, TimeUnit.NANOSECONDS);
  }

  private void readSome(long pauseNanos) {
    if (slow && channel.isActive()) {
      channel.read();
      channel.eventLoop().schedule(() -> readSome(pauseNanos), pauseNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void answer(Arrival whole) {
    arrival = null;
    replying = true;
    if (slow) {
      slow = false;
      channel.config().setAutoRead(true);
    }
    OpenReply opened = desk.answer(paths, whole, this);
    whole.release();
    if (opened != null) {
      reply = opened;
      opened.start();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    flushNow();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (reply != null && channel.isWritable()) {
      reply.writable();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {}

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (reply != null) {
      reply.clientGone();
      reply = null;
    }
    if (arrival != null) {
      arrival.release();
      arrival = null;
    }
    slow = false;
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      System.err.println("simulator: " + cause);
    }
    ctx.close();
  }

  @Override
  public ByteBufAllocator alloc() {
    return codec.alloc();
  }

  @Override
  public boolean chunked() {
    return true;
  }

  @Override
  public void head(ReplyHead head) {
    HttpResponse response =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(head.status()),
            DefaultHttpHeadersFactory.headersFactory().withValidation(false));
    HttpHeaders headers = response.headers();
    List<? extends CharSequence> fields = head.fields();
    for (int i = 0; i < fields.size(); i += 2) {
      headers.add(fields.get(i), fields.get(i + 1));
    }
    chunked = head.contentLength() < 0;
    bytesLeft = head.contentLength();
    if (chunked) {
      headers.add(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    } else {
      headers.add(HttpHeaderNames.CONTENT_LENGTH, Long.toString(head.contentLength()));
    }
    if (!keepAlive) {
      headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    channel.write(response);
  }

  @Override
  public void write(ByteBuf body) {
    int length = body.readableBytes();
    bytesLeft -= length;
    if (!chunked) {
      codec.write(body);
    } else if (length == 0) {
      body.release(); // an empty chunk would be the body's end
    } else {
      ByteBuf size = codec.alloc().directBuffer(10);
      size.writeCharSequence(Integer.toHexString(length), US_ASCII);
      size.writeByte('\r').writeByte('\n');
      codec.write(size);
      codec.write(body);
      codec.write(CRLF.duplicate());
    }
  }

  @Override
  public void writeFramed(ByteBuf body) {
    codec.write(body);
  }

  @Override
  public boolean writable() {
    return channel.isWritable();
  }

  @Override
  public void end() {
    reply = null;
    replying = false;
    boolean whole = chunked || bytesLeft == 0;
    if (!whole || !keepAlive) {
      channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
      flushNow();
      channel.close();
      return;
    }
    channel.write(LastHttpContent.EMPTY_LAST_CONTENT);
    if (!draining) {
      draining = true;
      acceptWaiting();
      draining = false;
    }
  }

  private void acceptWaiting() {
    while (!waiting.isEmpty() && !(replying && waiting.peek() instanceof HttpRequest)) {
      accept(waiting.poll());
    }
  }

  @Override
  public void touch() {
    if (!touched) {
      touched = desk.ticker().touch(this);
    }
  }

  @Override
  public void flushNow() {
    touched = false;
    codec.flush();
  }

  @Override
  public void reset() {
    drop();
  }

  @Override
  public void drop() {
    reply = null;
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  @Override
  public void close() {
    reply = null;
    channel.close();
  }

  @Override
  public void freeze() {
    flushNow();
    Frozen.freeze(channel);
  }

  @Override
  public void goAway() {
    keepAlive = false;
  }
}
