package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.cluster.RedisProcess;
import io.llmproxy.bench.e2e.Caller.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three proxies keep to one budget, whatever becomes of the Redis between them, and no request
/// waits for it.
@Timeout(120)
final class ClusterIT {
  private static final int PROXIES = 3;
  private static final int CALLS = 1_000;

  /// A thousand tokens of answer for ten cents; the question is free.
  private static final String PRICED =
      """
          dear:
            type: openai
            api_key: k
            base_url: "OPENAI_URL"
            models:
              - name: "sim-events=1000,bytes=4,ttft=50ms"
                alias: "ten-cents"
                price: {input: 0, output: 100}
      """;

  private static final Ask ASK =
      Ask.post(
          Ask.CHAT,
          "{\"model\":\"ten-cents\",\"max_tokens\":1000,"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

  @TempDir static Path directory;

  private final List<ProxyBed> beds = new ArrayList<>();
  private final AtomicInteger admitted = new AtomicInteger();
  private final ConcurrentLinkedQueue<Long> refusalNanos = new ConcurrentLinkedQueue<>();
  private RedisProcess redis;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory);
    begin("cost_budget: {hourly_limit: 5}");
  }

  private void begin(String limits) throws Exception {
    for (int i = 0; i < PROXIES; i++) {
      String root =
          "  %s%n  cluster: {redis: \"redis://127.0.0.1:%d\", node: p%d}%n"
              .formatted(limits, redis.port(), i);
      beds.add(new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(PRICED).withRoot(root)));
    }
  }

  @AfterEach
  void stop() throws Exception {
    beds.forEach(ProxyBed::close);
    redis.close();
  }

  @Test
  void aThousandCallsOfTenCentsToThreeProxiesAdmitExactlyFifty() throws Exception {
    callAll(10, () -> {});
    assertThat(admitted).hasValue(50);
    assertThat(tokens()).isEqualTo(50_000);
    for (ProxyBed bed : beds) {
      Answer last = bed.ask(Wire.H1, ASK);
      assertThat(last.status()).isEqualTo(429);
      assertThat(last.text()).contains("budget_exceeded");
      assertThat(last.header("x-should-retry")).isEqualTo("false");
      bed.assertAtRest();
    }
  }

  @Test
  void withRedisKilledMidwayNeverMoreThanFifty() throws Exception {
    callAll(
        4,
        () -> {
          Patience.until("some are admitted", () -> admitted.get() >= 5);
          redis.kill();
        });
    assertThat(admitted.get()).isBetween(5, 50);
    assertThat(tokens()).isEqualTo(admitted.get() * 1_000L);
  }

  @Test
  void whileRedisIsPausedNoRequestWaitsForIt() throws Exception {
    ProxyBed bed = beds.getFirst();
    Patience.until("it lends", () -> status(bed) == 200);
    redis.pause();
    try {
      callAll(1, () -> {});
    } finally {
      redis.resume();
    }
    // What the leases had is admitted, and everybody else is told at once.
    assertThat(admitted.get()).isBetween(1, 50);
    assertThat(refusalNanos).hasSize(CALLS - admitted.get());
    List<Long> sorted = new ArrayList<>(refusalNanos);
    Collections.sort(sorted);
    System.out.printf(
        "refused while Redis is paused: p50 %d ms, p99 %d ms, of %d calls at once%n",
        TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() / 2)),
        TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() * 99 / 100)),
        CALLS);
  }

  @Test
  void threeProxiesKeepToOneLimitOfRequests() throws Exception {
    beds.forEach(ProxyBed::close);
    beds.clear();
    begin("rate_limits: {total: {requests_per_minute: 60}}");
    long begun = System.nanoTime();
    callAll(3, () -> {});
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + 1;
    assertThat(admitted.get()).isBetween(60, 60 + (int) seconds);
    Answer last = beds.getFirst().ask(Wire.H1, ASK);
    assertThat(last.header("x-ratelimit-limit-requests")).isEqualTo("60");
  }

  private static int status(ProxyBed bed) {
    try {
      return bed.ask(Wire.H1, ASK).status();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// What happens beside the calls.
  private interface Beside {
    void run() throws Exception;
  }

  /// All at once, a third to each proxy; who is told to come back does, so many times in all.
  private void callAll(int tries, Beside beside) throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<?>> calls = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLS; i++) {
        ProxyBed bed = beds.get(i % PROXIES);
        calls.add(
            callers.submit(() -> {
              begin.await();
              call(bed, tries);
              return null;
            }));
      }
      begin.countDown();
      beside.run();
    }
    for (Future<?> call : calls) {
      call.get();
    }
  }

  private void call(ProxyBed bed, int tries) throws Exception {
    for (int i = 0; i < tries; i++) {
      long begun = System.nanoTime();
      Answer answer = bed.ask(Wire.H1, ASK);
      if (answer.status() == 200) {
        admitted.incrementAndGet();
        return;
      }
      assertThat(answer.status()).as(answer.text()).isEqualTo(429);
      refusalNanos.add(System.nanoTime() - begun);
      if (answer.header("x-should-retry").equals("false")) {
        return;
      }
      Thread.sleep(1_000L * Integer.parseInt(answer.header("retry-after")));
    }
  }

  private long tokens() {
    return beds.stream()
        .flatMap(bed -> bed.books().models().values().stream())
        .mapToLong(book -> book.tokens().output() + book.unfinishedOutput())
        .sum();
  }
}
