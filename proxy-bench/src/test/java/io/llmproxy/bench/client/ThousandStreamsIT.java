package io.llmproxy.bench.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.llmproxy.bench.e2e.Patience;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.client.ChatEvent;
import io.llmproxy.client.ChatRequest;
import io.llmproxy.client.LlmClient;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A thousand streams of one client at once, on two connections, all whole. Tells what an open
/// stream takes of memory, and an event of CPU; judges neither.
@Timeout(60)
final class ThousandStreamsIT {

  private static final int STREAMS = 1000;
  private static final int EVENTS = Boolean.getBoolean("long") ? 200 : 20;

  private final CountDownLatch begun = new CountDownLatch(STREAMS);
  private final CountDownLatch ended = new CountDownLatch(STREAMS);
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger texts = new AtomicInteger();
  private final AtomicLong events = new AtomicLong();

  @Test
  void aThousandStreamsAreWholeOnTwoConnections() throws Exception {
    SimulatorSettings settings = SimulatorSettings.DEFAULT.withoutRefusals();
    try (Simulators simulators = Simulators.start(settings);
        LlmClient client =
            LlmClient.builder()
                .endpoint(simulators.baseUrl(SimulatedProvider.OPENAI).toString())
                .apiKey("k")
                .executor(Runnable::run)
                .build()) {
      long heapBefore = heap();
      long cpuBefore = clientCpuNanos();
      for (int i = 0; i < STREAMS; i++) {
        client.chat().publish(ask(i)).subscribe(new Counting());
      }
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      Patience.until("all open", () -> simulators.books().openStreams() == STREAMS);
      assertThat(simulators.books().acceptedConnections()).isEqualTo(2);
      long heapOpen = heap();
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      long cpu = clientCpuNanos() - cpuBefore;
      assertThat(failures).isEmpty();
      assertThat(texts.get()).isEqualTo(STREAMS * EVENTS);
      assertThat(simulators.books().acceptedConnections()).as("to the end").isEqualTo(2);
      System.out.printf(
          "client streams: %d at once on 2 connections, %d bytes of heap each (the simulator's and"
              + " the test's included), %d ns of the client's CPU an event (%d events)%n",
          STREAMS, (heapOpen - heapBefore) / STREAMS, cpu / events.get(), events.get());
    }
  }

  private static ChatRequest ask(int number) {
    return ChatRequest.builder()
        .model("sim-ttft=1500ms,rate=20,bytes=16,events=" + EVENTS)
        .user("stream " + number)
        .build();
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// Of the client's only thread.
  private static long clientCpuNanos() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith("llm-client")) {
        sum += threads.getThreadCpuTime(info.getThreadId());
      }
    }
    return sum;
  }

  private final class Counting implements Flow.Subscriber<ChatEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      begun.countDown();
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ChatEvent event) {
      events.incrementAndGet();
      if (event instanceof ChatEvent.Text) {
        texts.incrementAndGet();
      }
    }

    @Override
    public void onError(Throwable cause) {
      failures.add(cause);
      ended.countDown();
    }

    @Override
    public void onComplete() {
      ended.countDown();
    }
  }
}
