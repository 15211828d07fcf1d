package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Wherever a caller leaves, its provider is told at once and nothing stays behind.
@Timeout(120)
final class DeparturesIT {

  private static final long MOST_MILLIS = 100;
  private static final int TIMES = 5;
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<Wire, ProxyBed> BEDS = new EnumMap<>(Wire.class);

  /// How a caller leaves.
  enum Leaving {
    /// FIN.
    H1_CLOSE,
    /// RST.
    H1_RESET,
    /// RST_STREAM on a connection that stays.
    H2_RESET,
    /// The whole connection ends.
    H2_CLOSE
  }

  /// When a caller leaves while its provider answers, and the script that holds it there.
  enum Moment {
    BEFORE_THE_HEAD("sim-head=20s", 0),
    /// The caller has not been told the head: it waits for content.
    AFTER_THE_PROVIDERS_HEAD("sim-ttft=20s", 0),
    MID_STREAM("sim-events=4000,rate=200", 10),
    AT_THE_LAST_EVENT("sim-events=6,stall=6", 6);

    private final String script;
    private final int events;

    Moment(String script, int events) {
      this.script = script;
      this.events = events;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    for (Wire upstream : Wire.values()) {
      BEDS.put(upstream, ProxyBed.of(upstream));
    }
  }

  @AfterAll
  static void stop() {
    BEDS.values().forEach(ProxyBed::close);
  }

  @AfterEach
  void atRest() throws InterruptedException {
    for (ProxyBed bed : BEDS.values()) {
      bed.assertAtRest();
    }
  }

  static List<Arguments> departures() {
    List<Arguments> all = new ArrayList<>();
    for (Leaving leaving : Leaving.values()) {
      for (Wire upstream : Wire.values()) {
        all.add(Arguments.of(leaving, upstream));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("departures")
  void aProviderIsToldAtOnce(Leaving leaving, Wire upstream) throws Exception {
    for (Moment moment : Moment.values()) {
      List<Long> millis = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        String model = moment.script + ",id=" + COUNT.incrementAndGet();
        millis.add(leave(bed(upstream), leaving, moment, model) / 1_000_000);
      }
      // Other work on the machine may delay one of them.
      millis.sort(null);
      assertThat(millis.get(TIMES / 2)).as(moment + " " + millis).isLessThan(MOST_MILLIS);
    }
  }

  /// Gives how long the provider went on, in nanoseconds.
  private static long leave(ProxyBed bed, Leaving leaving, Moment moment, String model)
      throws Exception {
    Ask ask = Ask.of("openai/" + model, true);
    long left =
        switch (leaving) {
          case H1_CLOSE, H1_RESET -> leaveHttp1(bed, leaving, moment, ask);
          case H2_RESET, H2_CLOSE -> leaveHttp2(bed, leaving, moment, ask);
        };
    Patience.until("cancelled: " + model, () -> !bed.cancellations(model).isEmpty());
    List<Cancellation> seen = bed.cancellations(model);
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().events()).isBetween(moment.events, moment.events + 400);
    return seen.getFirst().nanoTime() - left;
  }

  private static long leaveHttp1(ProxyBed bed, Leaving leaving, Moment moment, Ask ask)
      throws Exception {
    Http1Caller caller = new Http1Caller(bed.address());
    caller.write(ask);
    awaitBegun(bed);
    if (moment.events > 0) {
      assertThat(caller.readHead().status()).isEqualTo(200);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (events(body.toString(UTF_8)) < moment.events) {
      caller.readChunk(body);
    }
    long left = System.nanoTime();
    if (leaving == Leaving.H1_RESET) {
      caller.reset();
    } else {
      caller.close();
    }
    return left;
  }

  private static long leaveHttp2(ProxyBed bed, Leaving leaving, Moment moment, Ask ask)
      throws Exception {
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      Http2Caller.Stream stream = caller.open(ask, true);
      awaitBegun(bed);
      if (moment.events > 0) {
        stream.open().head();
      }
      Patience.until("events arrive", () -> events(stream.open().textSoFar()) >= moment.events);
      long left = System.nanoTime();
      if (leaving == Leaving.H2_RESET) {
        stream.reset();
        Patience.until("the exchange is over", () -> bed.proxy().exchanges() == 0);
        assertThat(caller.send(Ask.get("/health")).status()).isEqualTo(200);
      }
      return left;
    }
  }

  private static void awaitBegun(ProxyBed bed) throws InterruptedException {
    Patience.until("the provider answers", () -> bed.books().openStreams() == 1);
  }

  @ParameterizedTest
  @CsvSource({"H1, true", "H1, false", "H2, true", "H2, false"})
  void aCallerThatLeavesBeforeItsBodyIsWholeNeverReachesAProvider(Wire wire, boolean half)
      throws Exception {
    ProxyBed bed = bed(Wire.H1);
    long before = bed.books().requests() + bed.books().refused();
    Ask ask = Ask.of("openai/gpt-6", true);
    byte[] part = half ? Arrays.copyOf(ask.body(), 20) : new byte[0];
    if (wire == Wire.H1) {
      Http1Caller caller = new Http1Caller(bed.address());
      caller.write(Http1Caller.head(ask));
      caller.write(part);
      Patience.until("it is begun", () -> bed.proxy().exchanges() == 1);
      caller.close();
    } else {
      try (Http2Caller caller = new Http2Caller(bed.address())) {
        Http2Caller.Stream stream = caller.open(ask, false);
        stream.write(part, false);
        Patience.until("it is begun", () -> bed.proxy().exchanges() == 1);
        stream.reset();
        Patience.until("it is over", () -> bed.proxy().exchanges() == 0);
      }
    }
    Patience.until("it is over", () -> bed.proxy().exchanges() == 0);
    assertThat(bed.books().requests() + bed.books().refused()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aCallerThatLeavesBetweenRequestsTakesNothingWithIt(Wire wire, Wire upstream)
      throws Exception {
    ProxyBed bed = bed(upstream);
    long cancelled = bed.books().cancelled();
    try (Caller caller = wire.open(bed.address())) {
      assertThat(caller.send(Ask.of("openai/gpt-6", true)).ending()).isEqualTo(Ending.WHOLE);
      assertThat(bed.proxy().downstreamConnections()).isEqualTo(1);
    }
    Patience.until("it is gone", () -> bed.proxy().downstreamConnections() == 0);
    assertThat(bed.books().cancelled()).isEqualTo(cancelled);
    assertThat(bed.proxy().upstreamConnections()).isGreaterThan(0);
  }

  private static int events(String text) {
    return text.split("the answer goes ", -1).length - 1;
  }

  private static ProxyBed bed(Wire upstream) {
    ProxyBed bed = BEDS.get(upstream);
    if (bed == null) {
      throw new IllegalStateException("not started");
    }
    return bed;
  }
}
