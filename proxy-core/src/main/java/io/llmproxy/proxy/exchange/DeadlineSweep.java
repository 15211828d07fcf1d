package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.failure.Failure;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Looks at every running exchange of one event loop ten times a second and ends those that are
/// past a deadline: one timer for all, so that a request costs none.
public final class DeadlineSweep implements Runnable {

  private static final int PERIOD_MILLIS = 100;

  private final List<Exchange> running = new ArrayList<>();
  private final List<Runnable> chores = new ArrayList<>();
  private int chore;

  /// Starts sweeping on `loop`; until the loop ends.
  public void start(EventLoop loop) {
    loop.scheduleWithFixedDelay(this, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Does `work` about once a second, in turn with others.
  public void also(Runnable work) {
    chores.add(work);
  }

  /// How many exchanges run now.
  public int size() {
    return running.size();
  }

  /// Ends every exchange under way with `failure`.
  public void failAll(Failure failure) {
    for (Exchange exchange : List.copyOf(running)) {
      exchange.fail(failure);
      exchange.endDrain();
    }
  }

  void add(Exchange exchange) {
    exchange.sweepIndex = running.size();
    running.add(exchange);
  }

  void remove(Exchange exchange) {
    int index = exchange.sweepIndex;
    Exchange last = running.removeLast();
    if (last != exchange) {
      running.set(index, last);
      last.sweepIndex = index;
    }
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    for (int i = running.size() - 1; i >= 0; i--) {
      if (i < running.size()) {
        running.get(i).check(now);
      }
    }
    chore++;
    if (chore % 10 == 0) {
      chores.forEach(Runnable::run);
    }
  }
}
