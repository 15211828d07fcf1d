package io.llmproxy.client;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Events on their way to one subscriber, as fast as it asks for them: when some wait, the call is
/// paused, and so in turn the endpoint and the provider behind it.
///
/// Events come on the event loop; the subscriber is told on the executor, one call at a time.
final class EventFlow implements Flow.Subscription {

  private static final int MANY_WAIT = 64;
  private static final int FEW_WAIT = 16;

  /// What is steered by what the subscriber asks; may be called by any thread.
  interface Source {
    void pause();

    void resume();

    void cancel();
  }

  private final Flow.Subscriber<? super ChatEvent> subscriber;
  private final Executor executor;
  private final ConcurrentLinkedQueue<ChatEvent> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waits = new AtomicInteger();
  private final AtomicLong wanted = new AtomicLong();

  /// Runs of the drain that are due: while one is under way another only counts. The first waits
  /// for the subscriber.
  private final AtomicInteger due = new AtomicInteger(1);

  private final AtomicBoolean paused = new AtomicBoolean();
  private volatile @Nullable Source source;
  private volatile boolean ended;
  private volatile boolean cancelled;
  private volatile @Nullable Throwable failure;

  EventFlow(Flow.Subscriber<? super ChatEvent> subscriber, Executor executor) {
    this.subscriber = subscriber;
    this.executor = executor;
  }

  /// Tells the subscriber of its subscription, and from then on of events.
  void begin(Source source) {
    this.source = source;
    subscriber.onSubscribe(this);
    executor.execute(this::run);
  }

  void offer(ChatEvent event) {
    waiting.add(event);
    if (waits.incrementAndGet() >= MANY_WAIT && paused.compareAndSet(false, true)) {
      tell(Source::pause);
    }
    drain();
  }

  void end() {
    ended = true;
    drain();
  }

  void fail(Throwable cause) {
    failure = cause;
    end();
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      tell(Source::cancel);
      fail(new IllegalArgumentException("request(" + n + ") (expected: 1 or more)"));
      return;
    }
    wanted.accumulateAndGet(n, (have, more) -> have + more < 0 ? Long.MAX_VALUE : have + more);
    drain();
  }

  @Override
  public void cancel() {
    cancelled = true;
    tell(Source::cancel);
  }

  private void tell(Consumer<Source> what) {
    Source known = source;
    if (known != null) {
      what.accept(known);
    }
  }

  private void drain() {
    if (due.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  private void run() {
    int runs = 1;
    while (runs != 0) {
      try {
        give();
      } catch (RuntimeException e) {
        // A subscriber that throws has cancelled (Reactive Streams 2.13).
        cancel();
        throw e;
      }
      runs = due.addAndGet(-runs);
    }
  }

  private void give() {
    while (!cancelled && wanted.get() > 0) {
      ChatEvent event = waiting.poll();
      if (event == null) {
        break;
      }
      if (wanted.get() != Long.MAX_VALUE) {
        wanted.decrementAndGet();
      }
      if (waits.decrementAndGet() <= FEW_WAIT && paused.compareAndSet(true, false)) {
        tell(Source::resume);
      }
      subscriber.onNext(event);
    }
    if (!cancelled && ended && waiting.isEmpty()) {
      cancelled = true;
      Throwable cause = failure;
      if (cause == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(cause);
      }
    }
  }
}
