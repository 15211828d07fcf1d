package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.SimulatedProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A provider that becomes slow, and fails at nothing, is given few requests at once where the
/// route says so: the next target answers the others.
@Timeout(120)
final class BrownOutIT {

  private static final int CALLERS = 30;
  private static final int BEFORE = 400;
  private static final int MOVED = 300;
  private static final int CALLS = 500;
  private static final long SLOW_MILLIS = 500;
  private static final long PAUSE_MILLIS = 50;
  private static final String HEALTHY = "sim-events=3";

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();

  private static String routes() {
    return """
      routes:
        - {model: adaptive, adaptive_concurrency: true, targets: ["raw/m", "openai/%s"]}
    """
        .formatted(HEALTHY);
  }

  @Test
  void aSlowProviderIsGivenFewAndTheNextTargetTheOthers() throws Exception {
    AtomicBoolean slow = new AtomicBoolean();
    try (RawProvider provider = new RawProvider();
        ProxyBed bed =
            new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(yaml(provider)).withRoot(routes()));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      provider.script((line, _) -> {
        while (line.readRequest()) {
          Thread.sleep(slow.get() ? SLOW_MILLIS : 1);
          line.writeAnswer();
        }
      });
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(threads.submit(() -> ask(bed)));
      }
      try {
        Patience.until("a usual time is known", () -> answered.get() > BEFORE);
        String alone = times(bed);
        slow.set(true);
        long before = elsewhere(bed);
        Patience.until("the next target answers", () -> elsewhere(bed) - before > MOVED);
        System.out.println("brown-out: calls before " + alone + ", meanwhile " + times(bed));
        slow.set(false);
        int asked = provider.requests();
        Patience.until("it is asked again", () -> provider.requests() - asked > BEFORE);
      } finally {
        over.set(true);
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      bed.assertAtRest();
    }
  }

  private static String yaml(RawProvider provider) {
    return "    raw: {type: openai, api_key: k, base_url: \"" + provider.baseUrl() + "\"}\n";
  }

  private Void ask(ProxyBed bed) throws Exception {
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      while (!over.get()) {
        Answer answer = caller.send(Ask.post(Ask.CHAT, Ask.body("adaptive", false, "")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
        answered.incrementAndGet();
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return null;
  }

  /// Requests that the healthy target answered.
  private static long elsewhere(ProxyBed bed) {
    return bed.books().model(SimulatedProvider.OPENAI, HEALTHY).completed();
  }

  /// How long calls take that go to the healthy one by its own name.
  private static String times(ProxyBed bed) throws Exception {
    long[] nanos = new long[CALLS];
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      for (int i = 0; i < CALLS; i++) {
        long begun = System.nanoTime();
        assertThat(caller.send(Ask.of("openai/sim-events=2", true)).status()).isEqualTo(200);
        nanos[i] = System.nanoTime() - begun;
      }
    }
    Arrays.sort(nanos);
    return "p50 %d µs, p99 %d µs"
        .formatted(micros(nanos[CALLS / 2]), micros(nanos[CALLS * 99 / 100]));
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }
}
