package io.llmproxy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;

/// A load under way. Closing it ends its connections.
public final class LoadRun implements AutoCloseable {
  private static final long POLL_MILLIS = 5;

  private final EventLoop loop;
  private final LoadTally tally;
  private final List<Channel> channels;
  private final ByteBuf request;

  /// Takes the bytes its connections send.
  LoadRun(EventLoop loop, LoadTally tally, List<Channel> channels, ByteBuf request) {
    this.loop = loop;
    this.tally = tally;
    this.channels = channels;
    this.request = request;
  }

  /// Begins a window; one that was open is forgotten.
  public void beginWindow() {
    loop.submit(() -> tally.beginWindow(System.nanoTime())).syncUninterruptibly();
  }

  /// Ends the window and says what it saw.
  public LoadWindow endWindow() {
    return loop.submit(() -> tally.endWindow(System.nanoTime())).syncUninterruptibly().getNow();
  }

  public LoadTotals totals() {
    return loop.submit(tally::totals).syncUninterruptibly().getNow();
  }

  /// Sends no further request, and waits until every reply has ended; false when that took longer.
  public boolean finish(Duration atMost) throws InterruptedException {
    loop.submit(tally::stop).syncUninterruptibly();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (totals().inFlight() > 0) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  @Override
  public void close() {
    for (Channel channel : channels) {
      channel.close();
    }
    for (Channel channel : channels) {
      channel.closeFuture().awaitUninterruptibly();
    }
    loop.submit(tally::stop).syncUninterruptibly();
    request.release();
  }
}
