package io.llmproxy.client;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A stream that a thread reads, event by event. Closing it before its end cancels the call, at the
/// provider too. What is not read is not fetched. For one thread, and once.
public final class ChatStream implements Iterable<ChatEvent>, AutoCloseable {

  private static final int AHEAD = 32;

  /// What comes after the last event.
  private record Done(@Nullable Throwable cause) {}

  private final LinkedBlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private @Nullable ChatEvent next;
  private @Nullable Done done;

  ChatStream() {}

  Flow.Subscriber<ChatEvent> subscriber() {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(AHEAD);
      }

      @Override
      public void onNext(ChatEvent event) {
        signals.add(event);
      }

      @Override
      public void onError(Throwable cause) {
        signals.add(new Done(cause));
      }

      @Override
      public void onComplete() {
        signals.add(new Done(null));
      }
    };
  }

  /// The events. Waits for each.
  ///
  /// @throws LlmException by `hasNext` and `next`, where the call failed
  @Override
  public Iterator<ChatEvent> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return fetch() != null;
      }

      @Override
      public ChatEvent next() {
        ChatEvent event = fetch();
        if (event == null) {
          throw new NoSuchElementException("the stream is at its end");
        }
        next = null;
        return event;
      }
    };
  }

  /// Reads the rest, and gives its text.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (ChatEvent event : this) {
      if (event instanceof ChatEvent.Text piece) {
        text.append(piece.text());
      }
    }
    return text.toString();
  }

  private @Nullable ChatEvent fetch() {
    if (next == null && done == null) {
      take();
    }
    Done end = done;
    if (next == null && end != null && end.cause() != null) {
      throw end.cause() instanceof LlmException failure
          ? failure
          : new IllegalStateException(end.cause());
    }
    return next;
  }

  private void take() {
    Object signal;
    try {
      signal = signals.take();
    } catch (InterruptedException _) {
      close();
      Thread.currentThread().interrupt();
      signal = new Done(new LlmException.Cancelled("the reading thread was interrupted", NOTHING));
    }
    if (signal instanceof ChatEvent event) {
      next = event;
      Flow.Subscription known = subscription;
      if (known != null) {
        known.request(1);
      }
    } else if (signal instanceof Done end) {
      done = end;
    }
  }

  private static final LlmException.Details NOTHING = new LlmException.Details(0, "", "", 0);

  @Override
  public void close() {
    Flow.Subscription known = subscription;
    if (known != null && done == null) {
      known.cancel();
    }
  }
}
