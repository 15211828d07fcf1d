package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A caller that stops reading stops its provider, in bounded memory, and loses nothing.
@Timeout(120)
final class BackPressureIT {

  private static final long MIB = 1 << 20;

  /// Two sockets' buffers at the most Linux lets them grow to, and what the proxy holds.
  private static final long MOST_UNREAD = 20 * MIB;

  private static final long MOST_DIRECT = 16 * MIB;
  private static final Duration STILL = Duration.ofMillis(400);
  private static final String SCRIPT = "sim-events=12000,bytes=4000";
  private static final Map<Wire, ProxyBed> BEDS = new EnumMap<>(Wire.class);

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

  @ParameterizedTest
  @CsvSource({"H1, openai", "H1, anthropic", "H2, openai", "H2, anthropic"})
  void aCallerOverHttp1ThatStopsReadingStopsItsProvider(Wire upstream, String provider)
      throws Exception {
    ProxyBed bed = bed(upstream);
    long before = bed.books().bytesOut();
    long direct = directBytes();
    try (Http1Caller caller = new Http1Caller(bed.address(), 64 << 10)) {
      caller.write(Ask.of(provider + "/" + SCRIPT, true));
      Http1Caller.Head head = caller.readHead();
      assertThat(head.status()).isEqualTo(200);
      assertHeldBack(bed, before, direct);
      Tail tail = new Tail();
      while (caller.readChunk(tail)) {
        // each turn reads a chunk
      }
      assertWhole(bed, before, tail.count, provider);
      assertThat(tail.text()).endsWith(provider.equals("openai") ? "[DONE]\n\n" : "}\n\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, openai", "H1, anthropic", "H2, openai", "H2, anthropic"})
  void aCallerOverHttp2ThatStopsReadingStopsItsProvider(Wire upstream, String provider)
      throws Exception {
    ProxyBed bed = bed(upstream);
    long before = bed.books().bytesOut();
    long direct = directBytes();
    try (Http2Caller caller = new Http2Caller(bed.address())) {
      Http2Caller.Open open = new Http2Caller.Open(false);
      Http2Caller.Stream stream = caller.open(Ask.of(provider + "/" + SCRIPT, true), true, open);
      open.head();
      stream.reading(false);
      assertHeldBack(bed, before, direct);
      // the connection is not held up by the stream that nobody reads
      assertThat(caller.send(Ask.of(provider + "/sim-events=100,bytes=900", false)).ending())
          .isEqualTo(Ending.WHOLE);
      long others = bed.books().bytesOut() - before;
      stream.reading(true);
      assertThat(open.answer().ending()).isEqualTo(Ending.WHOLE);
      assertThat(others).isLessThan(MOST_UNREAD);
      assertThat(open.received()).isGreaterThan(12000L * 4000);
    }
  }

  @ParameterizedTest
  @CsvSource({"H1, H1", "H1, H2", "H2, H1", "H2, H2"})
  void aCallerThatLeavesWhileItDoesNotReadEndsItsExchange(Wire wire, Wire upstream)
      throws Exception {
    ProxyBed bed = bed(upstream);
    String model = SCRIPT + ",id=left-" + wire;
    Ask ask = Ask.of("openai/" + model, true);
    if (wire == Wire.H1) {
      Http1Caller caller = new Http1Caller(bed.address(), 64 << 10);
      caller.write(ask);
      caller.readHead();
      Patience.settled(bed.books()::bytesOut, STILL);
      caller.close();
    } else {
      try (Http2Caller caller = new Http2Caller(bed.address())) {
        Http2Caller.Stream stream = caller.open(ask, true, new Http2Caller.Open(false));
        stream.open().head();
        stream.reading(false);
        Patience.settled(bed.books()::bytesOut, STILL);
        stream.reset();
        Patience.until("exchange over", () -> bed.proxy().exchanges() == 0);
      }
    }
    Patience.until("cancelled", () -> bed.cancellations(model).size() == 1);
  }

  private static void assertHeldBack(ProxyBed bed, long before, long direct)
      throws InterruptedException {
    long sent = Patience.settled(bed.books()::bytesOut, STILL) - before;
    assertThat(sent).as("bytes the provider sent").isLessThan(MOST_UNREAD);
    assertThat(directBytes() - direct).as("direct memory").isLessThan(MOST_DIRECT);
    assertThat(bed.proxy().exchanges()).isEqualTo(1);
  }

  /// The stream that was asked for, less its record of usage where the proxy asked for that.
  private static void assertWhole(ProxyBed bed, long before, long received, String provider)
      throws InterruptedException {
    long sent = Patience.settled(bed.books()::bytesOut, Duration.ofMillis(50)) - before;
    assertThat(received).isBetween(provider.equals("openai") ? sent - 600 : sent, sent);
  }

  private static long directBytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  /// Counts what is written to it and keeps the end.
  private static final class Tail extends OutputStream {
    private long count;
    private byte[] last = {};

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      count += length;
      if (length > 0) {
        last = Arrays.copyOfRange(bytes, Math.max(from, from + length - 20), from + length);
      }
    }

    String text() {
      return new String(last, UTF_8);
    }
  }

  private static ProxyBed bed(Wire upstream) {
    ProxyBed bed = BEDS.get(upstream);
    if (bed == null) {
      throw new IllegalStateException("not started");
    }
    return bed;
  }
}
