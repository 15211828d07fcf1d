package io.llmproxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A subscriber is told in order, one call at a time, and no more than it asked for; what waits
/// pauses the source.
@Timeout(20)
final class EventFlowTest {

  private final List<String> steering = new ArrayList<>();

  private final EventFlow.Source source =
      new EventFlow.Source() {
        @Override
        public void pause() {
          steering.add("pause");
        }

        @Override
        public void resume() {
          steering.add("resume");
        }

        @Override
        public void cancel() {
          steering.add("cancel");
        }
      };

  private static ChatEvent event(int number) {
    return new ChatEvent.Text(Integer.toString(number), "");
  }

  /// Notes what it is told.
  private static class Noting implements Flow.Subscriber<ChatEvent> {
    final List<String> told = new ArrayList<>();
    Flow.Subscription subscription =
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            throw new IllegalStateException("not subscribed yet");
          }

          @Override
          public void cancel() {
            throw new IllegalStateException("not subscribed yet");
          }
        };

    @Override
    public void onSubscribe(Flow.Subscription given) {
      told.add("subscribed");
      subscription = given;
    }

    @Override
    public void onNext(ChatEvent event) {
      told.add(((ChatEvent.Text) event).text());
    }

    @Override
    public void onError(Throwable cause) {
      told.add(cause.getClass().getSimpleName());
    }

    @Override
    public void onComplete() {
      told.add("complete");
    }
  }

  @Test
  void tellsWhatIsAskedForAndThenTheEnd() {
    Noting noting = new Noting();
    EventFlow flow = new EventFlow(noting, Runnable::run);
    flow.offer(event(1));
    flow.offer(event(2));
    flow.end();
    assertThat(noting.told).as("nothing comes before the subscription").isEmpty();
    flow.begin(source);
    assertThat(noting.told).containsExactly("subscribed");
    noting.subscription.request(1);
    assertThat(noting.told).containsExactly("subscribed", "1");
    noting.subscription.request(1);
    assertThat(noting.told).containsExactly("subscribed", "1", "2", "complete");
  }

  @Test
  void aFailureComesAfterWhatWaitsAndNeedsNoRequest() {
    Noting noting = new Noting();
    EventFlow flow = new EventFlow(noting, Runnable::run);
    flow.begin(source);
    flow.fail(new IllegalStateException());
    assertThat(noting.told).containsExactly("subscribed", "IllegalStateException");
    Noting late = new Noting();
    EventFlow waiting = new EventFlow(late, Runnable::run);
    waiting.begin(source);
    waiting.offer(event(1));
    waiting.fail(new IllegalStateException());
    assertThat(late.told).containsExactly("subscribed");
    late.subscription.request(5);
    assertThat(late.told).containsExactly("subscribed", "1", "IllegalStateException");
  }

  @Test
  void whatWaitsPausesTheSourceUntilFewDo() {
    Noting noting = new Noting();
    EventFlow flow = new EventFlow(noting, Runnable::run);
    flow.begin(source);
    for (int i = 0; i < 63; i++) {
      flow.offer(event(i));
    }
    assertThat(steering).isEmpty();
    flow.offer(event(63));
    flow.offer(event(64));
    assertThat(steering).containsExactly("pause");
    noting.subscription.request(48);
    assertThat(steering).containsExactly("pause");
    noting.subscription.request(1);
    assertThat(steering).containsExactly("pause", "resume");
  }

  @Test
  void whoCancelsHearsNothingMore() {
    Noting noting = new Noting();
    EventFlow flow = new EventFlow(noting, Runnable::run);
    flow.begin(source);
    noting.subscription.request(Long.MAX_VALUE);
    flow.offer(event(1));
    noting.subscription.cancel();
    flow.offer(event(2));
    flow.end();
    assertThat(noting.told).containsExactly("subscribed", "1");
    assertThat(steering).containsExactly("cancel");
  }

  @Test
  void aRequestOfNothingIsAnErrorAndCancels() {
    Noting noting = new Noting();
    EventFlow flow = new EventFlow(noting, Runnable::run);
    flow.begin(source);
    noting.subscription.request(0);
    assertThat(noting.told).containsExactly("subscribed", "IllegalArgumentException");
    assertThat(steering).containsExactly("cancel");
  }

  @Test
  void aSubscriberThatThrowsHasCancelled() {
    Noting throwing =
        new Noting() {
          @Override
          public void onNext(ChatEvent event) {
            throw new IllegalStateException("no more");
          }
        };
    EventFlow flow = new EventFlow(throwing, Runnable::run);
    flow.begin(source);
    flow.offer(event(1));
    assertThatThrownBy(() -> throwing.subscription.request(1)).hasMessage("no more");
    assertThat(steering).containsExactly("cancel");
  }

  /// Sees whether it is told by two at once.
  private static final class Guarding extends Noting {
    final CountDownLatch done = new CountDownLatch(1);
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger overlaps = new AtomicInteger();

    @Override
    public void onNext(ChatEvent event) {
      overlaps.addAndGet(inside.getAndIncrement());
      super.onNext(event);
      inside.decrementAndGet();
    }

    @Override
    public void onComplete() {
      done.countDown();
    }

    void askOften(int times) {
      for (int i = 0; i < times; i++) {
        subscription.request(1);
      }
    }
  }

  @Test
  void tellsOneAtATimeInOrderWhoeverAsks() throws InterruptedException {
    int events = 50_000;
    Guarding guarding = new Guarding();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      EventFlow flow = new EventFlow(guarding, executor);
      flow.begin(new Idle());
      for (int asker = 0; asker < 4; asker++) {
        executor.execute(() -> guarding.askOften(events / 4));
      }
      for (int i = 0; i < events; i++) {
        flow.offer(event(i));
      }
      flow.end();
      assertThat(guarding.done.await(15, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(guarding.overlaps.get()).isZero();
    List<String> wanted = new ArrayList<>(List.of("subscribed"));
    for (int i = 0; i < events; i++) {
      wanted.add(Integer.toString(i));
    }
    assertThat(guarding.told).isEqualTo(wanted);
  }

  /// Cannot be steered.
  private static final class Idle implements EventFlow.Source {
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void cancel() {}
  }
}
