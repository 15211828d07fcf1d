package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.ModelBook;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// However many callers leave, wherever their requests are, all of it comes back: connections,
/// buffers, providers' streams, and the places under a limit of requests at once.
@Timeout(1800)
final class ManyDeparturesIT {

  private static final int DEPARTURES = Boolean.getBoolean("long") ? 10_000 : 700;
  private static final int CALLERS = 35;
  private static final int PLACES = 100;

  /// Where a request is when its caller leaves.
  enum Point {
    IN_ITS_HEAD("gpt-6"),
    IN_ITS_BODY("gpt-6"),
    BEFORE_THE_REPLYS_HEAD("sim-head=20s"),
    BEFORE_ITS_CONTENT("sim-ttft=20s"),
    MID_STREAM("sim-events=4000,rate=2000,bytes=200"),
    AT_THE_LAST_EVENT("sim-events=6,stall=6"),
    WHILE_A_RETRY_WAITS("sim-status=429,retry_after=3");

    private final String script;

    Point(String script) {
      this.script = script;
    }
  }

  private final AtomicInteger left = new AtomicInteger();

  @Test
  void allOfItComesBack() throws Exception {
    String root = "  rate_limits: {concurrent_requests: " + PLACES + "}\n";
    try (ProxyBed bed = new ProxyBed(ProxyBed.Plan.of(Wire.H2).withRoot(root));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int first = i;
        callers.add(threads.submit(() -> leaveAgainAndAgain(bed, first)));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      long since = System.nanoTime();
      Patience.until("no exchange under way", () -> bed.proxy().exchanges() == 0);
      Patience.until("no reply open at a provider", () -> bed.books().openStreams() == 0);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
      System.out.println("departures: " + left + ", all back after " + millis + " ms");
      assertThat(left).hasValue(DEPARTURES);
      assertThatAllPlacesAreFree(bed);
      bed.assertAtRest();
      assertThat(bed.books().models().values().stream().mapToLong(ModelBook::cancelled).sum())
          .as("seen by the providers")
          .isBetween(DEPARTURES * 3L / 7, DEPARTURES * 4L / 7);
    }
  }

  private static void assertThatAllPlacesAreFree(ProxyBed bed) throws Exception {
    List<Answer> answers = bed.askAtOnce(PLACES, Ask.of("openai/sim-head=300ms", false));
    assertThat(answers).hasSize(PLACES).allMatch(answer -> answer.status() == 200);
  }

  private Void leaveAgainAndAgain(ProxyBed bed, int first) throws Exception {
    for (int i = first; i < DEPARTURES; i += CALLERS) {
      // Another stride than that of the callers, so that each is at every point.
      Point point = Point.values()[(i + i / CALLERS) % Point.values().length];
      if (i % 2 == 0) {
        leaveHttp1(bed, point, i % 4 == 0);
      } else {
        leaveHttp2(bed, point, i % 4 == 1);
      }
      left.incrementAndGet();
    }
    return null;
  }

  private static void leaveHttp1(ProxyBed bed, Point point, boolean reset) throws Exception {
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      Ask ask = Ask.of("openai/" + point.script, true);
      byte[] head = Http1Caller.head(ask).getBytes(ISO_8859_1);
      switch (point) {
        case IN_ITS_HEAD -> caller.write(Arrays.copyOf(head, head.length / 2));
        case IN_ITS_BODY -> {
          caller.write(head);
          caller.write(Arrays.copyOf(ask.body(), ask.body().length / 2));
        }
        case BEFORE_THE_REPLYS_HEAD, BEFORE_ITS_CONTENT, WHILE_A_RETRY_WAITS -> {
          caller.write(ask);
          Thread.sleep(40);
        }
        case MID_STREAM, AT_THE_LAST_EVENT -> {
          caller.write(ask);
          caller.readHead();
          caller.readChunk(new ByteArrayOutputStream());
        }
      }
      if (reset) {
        caller.reset();
      }
    }
  }

  private static void leaveHttp2(ProxyBed bed, Point point, boolean reset)
      throws IOException, InterruptedException {
    Ask ask = Ask.of("openai/" + point.script, true);
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      boolean whole = point != Point.IN_ITS_HEAD && point != Point.IN_ITS_BODY;
      Http2Caller.Stream stream = caller.open(ask, whole);
      switch (point) {
        // HTTP/2 has no half of a head that could be sent: nothing of the body is.
        case IN_ITS_HEAD -> {}
        case IN_ITS_BODY -> stream.write(Arrays.copyOf(ask.body(), ask.body().length / 2), false);
        case BEFORE_THE_REPLYS_HEAD, BEFORE_ITS_CONTENT, WHILE_A_RETRY_WAITS -> Thread.sleep(40);
        case MID_STREAM, AT_THE_LAST_EVENT ->
            Patience.until("something arrives", () -> stream.open().received() > 0);
      }
      if (reset) {
        stream.reset();
      }
    }
  }
}
