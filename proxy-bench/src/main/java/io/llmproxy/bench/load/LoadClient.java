package io.llmproxy.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends loads from one event loop.
public final class LoadClient implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;

  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Class<? extends SocketChannel> socketType;

  public LoadClient() {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, io);
    loop = group.next();
    socketType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /// Opens every connection, then begins to send; blocks until the last is open.
  public LoadRun start(LoadPlan plan) throws IOException, InterruptedException {
    LoadTally tally = new LoadTally(plan.repeat());
    List<Channel> channels = new ArrayList<>(plan.connections());
    ByteBuf bytes = requestBytes(plan);
    LoadRun run = new LoadRun(loop, tally, channels, bytes);
    List<ChannelFuture> opening = new ArrayList<>(plan.connections());
    Bootstrap bootstrap = bootstrap(plan, bytes, tally);
    for (int i = 0; i < plan.connections(); i++) {
      opening.add(bootstrap.connect(plan.target().address()));
    }
    for (ChannelFuture open : opening) {
      open.await();
      channels.add(open.channel());
      if (!open.isSuccess()) {
        run.close();
        throw new IOException("cannot connect to " + plan.target().address(), open.cause());
      }
    }
    beginAll(plan, tally, channels);
    return run;
  }

  /// Neighbours in time are on different connections, as they would be of independent callers.
  private void beginAll(LoadPlan plan, LoadTally tally, List<Channel> channels) {
    long stepNanos = plan.ramp().toNanos() / plan.inFlight();
    for (int place = 0; place < plan.inFlight(); place++) {
      Channel channel = channels.get(place % channels.size());
      int slot = place / channels.size();
      loop.schedule(() -> begin(channel, slot, tally), place * stepNanos, TimeUnit.NANOSECONDS);
    }
  }

  private static void begin(Channel channel, int slot, LoadTally tally) {
    LoadConnection connection = channel.pipeline().get(LoadConnection.class);
    if (connection != null && tally.mayBegin()) {
      connection.begin(channel.pipeline().context(connection), slot);
    }
  }

  /// What is written again and again, outside the heap.
  private static ByteBuf requestBytes(LoadPlan plan) {
    byte[] bytes =
        switch (plan.target().protocol()) {
          case HTTP_1_1 -> plan.request().http1Bytes();
          case H2C -> plan.request().bodyBytes();
        };
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly();
  }

  private Bootstrap bootstrap(LoadPlan plan, ByteBuf bytes, LoadTally tally) {
    return new Bootstrap()
        .group(loop)
        .channel(socketType)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(connection(plan, bytes, tally));
              }
            });
  }

  private static LoadConnection connection(LoadPlan plan, ByteBuf bytes, LoadTally tally) {
    List<Slot> slots = new ArrayList<>(plan.streamsPerConnection());
    for (int i = 0; i < plan.streamsPerConnection(); i++) {
      slots.add(new Slot(tally, plan.expected()));
    }
    return switch (plan.target().protocol()) {
      case HTTP_1_1 -> new Http1Client(bytes, slots.getFirst(), tally);
      case H2C ->
          Http2Client.of(
              new Http2Client.Traffic(plan.request().http2Headers(), bytes, slots, tally));
    };
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
