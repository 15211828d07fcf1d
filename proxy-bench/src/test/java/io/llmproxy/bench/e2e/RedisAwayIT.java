package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.cluster.RedisProcess;
import io.llmproxy.bench.e2e.Caller.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of Redis is not felt by those whom the leases, or a soft limit, still admit.
@Timeout(400)
final class RedisAwayIT {
  private static final int CALLERS = 4;
  private static final long PAUSE_MILLIS = 10;

  private static final Ask ASK =
      Ask.post(
          Ask.CHAT,
          "{\"model\":\"openai/sim-events=8\",\"max_tokens\":20,"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

  @TempDir Path directory;

  @Test
  void everybodyIsAnsweredWhileRedisIsStoppedPausedOrCutOff() throws Exception {
    phases(Duration.ofSeconds(2));
  }

  /// Prints what each way of being away adds; nothing else should run meanwhile.
  @Test
  @Tag("long")
  void tellsWhatRedisAddsToALatency() throws Exception {
    phases(Duration.ofSeconds(30));
  }

  private void phases(Duration each) throws Exception {
    try (RedisProcess redis = RedisProcess.start(directory);
        SilentHop hop = new SilentHop(redis.port());
        ProxyBed bed = new ProxyBed(ProxyBed.Plan.of(Wire.H1).withRoot(sharing(hop.port())))) {
      Patience.until("it lends", () -> status(bed) == 200);
      load(bed, each);
      tell("Redis answers", load(bed, each));
      redis.pause();
      tell("Redis is paused", load(bed, each));
      redis.resume();
      tell("Redis answers again", load(bed, each));
      hop.silent(true);
      tell("Redis is cut off", load(bed, each));
      hop.silent(false);
      tell("Redis answers again", load(bed, each));
      redis.kill();
      tell("Redis is stopped", load(bed, each));
      bed.assertAtRest();
    }
  }

  private static String sharing(int port) {
    return """
      rate_limits:
        total: {requests_per_minute: 600000, tokens_per_minute: 600000000, concurrent_requests: 100}
      cost_budget: {hourly_limit: 1000, soft_limit: 1000, on_unpriced: charge_ceiling}
      cluster: {redis: "redis://127.0.0.1:%d", node: one}
    """
        .formatted(port);
  }

  private static int status(ProxyBed bed) {
    try {
      return bed.ask(Wire.H1, ASK).status();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void tell(String when, Histogram nanos) {
    System.out.printf(
        "%-20s p50 %6.3f ms, p99 %6.3f ms, of %d calls%n",
        when,
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getTotalCount());
  }

  private static Histogram load(ProxyBed bed, Duration time) throws Exception {
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    List<Future<Histogram>> callers = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(CALLERS)) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(executor.submit(() -> call(bed, time)));
      }
      for (Future<Histogram> each : callers) {
        all.add(each.get());
      }
    }
    return all;
  }

  private static Histogram call(ProxyBed bed, Duration time) throws Exception {
    Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    long end = System.nanoTime() + time.toNanos();
    try (Caller caller = Wire.H1.open(bed.address())) {
      while (System.nanoTime() < end) {
        long begun = System.nanoTime();
        Answer answer = caller.send(ASK);
        nanos.recordValue(System.nanoTime() - begun);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return nanos;
  }
}
