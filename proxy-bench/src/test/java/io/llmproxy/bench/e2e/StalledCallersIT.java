package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// While a caller does not read, the proxy holds little of its stream beyond what the kernel does,
/// and every other stream goes on: of its connection, and of its event loop.
@Timeout(300)
final class StalledCallersIT {

  private static final long MOST_HELD_BYTES = 256 << 10;
  private static final Duration STILL = Duration.ofMillis(400);
  private static final int LONG_CALLS = 5_000;
  private static final long STALL_SECONDS = 60;

  /// An event of 8 KiB in a chunk of its own.
  private static final String CHUNK = chunk("word ".repeat(1600));

  private final AtomicLong written = new AtomicLong();
  private RawProvider provider;
  private ProxyBed bed;

  @BeforeEach
  void start() throws IOException {
    provider = new RawProvider();
    provider.script((line, _) -> {
      line.readRequest();
      line.write(
          "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
      while (true) {
        line.write(CHUNK);
        written.addAndGet(CHUNK.length());
      }
    });
    String yaml = "    raw: {type: openai, api_key: k, base_url: \"" + provider.baseUrl() + "\"}\n";
    bed = new ProxyBed(ProxyBed.Plan.of(Wire.H2).withOthers(yaml));
  }

  @AfterEach
  void stop() throws Exception {
    provider.close();
    bed.assertAtRest();
    bed.close();
  }

  private static String chunk(String words) {
    String event =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + words + "\"}}]}\n\n";
    return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
  }

  @Test
  void littleIsHeldOfAConnectionThatIsNotRead() throws Exception {
    try (Http1Caller stalled = new Http1Caller(bed.address(), 64 << 10)) {
      stalled.write(Ask.of("raw/m", true));
      Patience.settled(written::get, STILL);
      long unread = SocketQueues.to(stalled.socket().getLocalPort());
      assertThat(unread).as("in the kernel, for the caller").isPositive();
      assertHeld(unread);
    }
  }

  @Test
  void littleIsHeldOfAStreamThatIsNotRead() throws Exception {
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      Http2Caller.Open open = new Http2Caller.Open(false);
      Http2Caller.Stream stream = caller.open(Ask.of("raw/m", true), true, open);
      open.head();
      stream.reading(false);
      Patience.settled(written::get, STILL);
      assertHeld(open.received());
      stream.reset();
    }
  }

  private void assertHeld(long given) throws IOException {
    // The chunk under way has been given to the kernel in part, and is not counted.
    long held = written.get() + CHUNK.length() - SocketQueues.from(provider.port()) - given;
    System.out.println("stalled: " + written + " B written, " + held + " B held at most");
    assertThat(held).as("bytes the proxy holds").isLessThan(MOST_HELD_BYTES);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void allOthersGoOn(Wire wire) throws Exception {
    Ask ask = Ask.of("openai/sim-events=50,bytes=900", true);
    String whole = bed.ask(Wire.H1, ask).text();
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      List<AutoCloseable> stalled = stall(caller, wire);
      Patience.settled(written::get, STILL);
      for (int i = 0; i < 20; i++) {
        assertSame(caller.send(ask), whole);
        // Connections are spread over the loops in turn.
        assertSame(bed.ask(Wire.values()[i / 2 % 2], ask), whole);
      }
      for (AutoCloseable each : stalled) {
        each.close();
      }
    }
  }

  /// Callers of either loop that do not read: streams of one connection, or connections.
  private List<AutoCloseable> stall(Http2Caller caller, Wire wire) throws Exception {
    List<AutoCloseable> stalled = new ArrayList<>();
    // More streams would use up so much of the connection's window that this caller refills none.
    int count = wire == Wire.H2 ? 1 : 4;
    for (int i = 0; i < count; i++) {
      if (wire == Wire.H2) {
        Http2Caller.Open open = new Http2Caller.Open(false);
        Http2Caller.Stream stream = caller.open(Ask.of("raw/m", true), true, open);
        open.head();
        stream.reading(false);
        stalled.add(stream::reset);
      } else {
        Http1Caller each = new Http1Caller(bed.address(), 64 << 10);
        each.write(Ask.of("raw/m", true));
        stalled.add(each);
      }
    }
    return stalled;
  }

  /// An answer is another's but for what its provider draws anew for each.
  private static void assertSame(Answer answer, String whole) {
    assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
    assertThat(shape(answer.text())).isEqualTo(shape(whole));
  }

  private static String shape(String text) {
    return text.replaceAll("\"id\":\"[^\"]*\"|\"created\":[0-9]+", "");
  }

  @Test
  @Tag("long")
  void timesOfOthersForAMinute() throws Exception {
    Ask ask = Ask.of("openai/sim-events=20", true);
    times(ask, LONG_CALLS);
    String alone = times(ask, LONG_CALLS);
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      List<AutoCloseable> stalled = stall(caller, Wire.H2);
      stalled.addAll(stall(caller, Wire.H1));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STALL_SECONDS);
      while (System.nanoTime() < end) {
        System.out.println("stalled: calls alone " + alone + ", beside: " + times(ask, LONG_CALLS));
      }
      for (AutoCloseable each : stalled) {
        each.close();
      }
    }
  }

  private String times(Ask ask, int calls) throws IOException {
    long[] nanos = new long[calls];
    try (Http1Caller caller = new Http1Caller(bed.address())) {
      for (int i = 0; i < calls; i++) {
        long begun = System.nanoTime();
        assertThat(caller.send(ask).ending()).isEqualTo(Ending.WHOLE);
        nanos[i] = System.nanoTime() - begun;
      }
    }
    Arrays.sort(nanos);
    return String.format(
        Locale.ROOT,
        "p50 %d µs, p99 %d µs",
        TimeUnit.NANOSECONDS.toMicros(nanos[calls / 2]),
        TimeUnit.NANOSECONDS.toMicros(nanos[calls * 99 / 100]));
  }
}
