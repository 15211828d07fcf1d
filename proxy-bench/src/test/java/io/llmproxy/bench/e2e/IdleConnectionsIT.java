package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.sdk.LabCertificate;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections that are kept and say nothing: each takes little of the proxy's memory, and who asks
/// meanwhile is answered.
@Timeout(900)
final class IdleConnectionsIT {

  private static final boolean LONG = Boolean.getBoolean("long");
  private static final int CONNECTIONS = LONG ? 10_000 : 300;
  private static final int WARM = LONG ? 500 : 50;
  private static final long SETTLE_MILLIS = 500;
  private static final int CALLS = LONG ? 2_000 : 20;

  /// An arena's chunk of each loop, which few connections fill as little as one.
  private static final long AT_ONCE_BYTES = LONG ? 0 : 8 << 20;

  /// A heap of one size, resident from the start: what grows beside it is no heap.
  private static final List<String> FLAGS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseCompactObjectHeaders",
          "-Xms512m",
          "-Xmx512m",
          "-XX:+AlwaysPreTouch",
          "-Dio.netty.leakDetection.level=disabled",
          "-Dio.netty.allocator.lowMemory=false");

  private static final Ask ASK = Ask.of("openai/sim-events=3", true);

  @TempDir private Path dir;

  @ParameterizedTest
  @CsvSource({"false, false, 12", "true, false, 12", "false, true, 40", "true, true, 40"})
  void eachTakesLittleAndOthersAreServed(boolean http2, boolean tls, int mostKib) throws Exception {
    try (ProxyProcess proxy = new ProxyProcess(tls ? tlsYaml() : "", FLAGS);
        KeptConnections kept =
            new KeptConnections(proxy.address(), http2, tls ? client(http2) : null, ASK)) {
      try (KeptConnections warm =
          new KeptConnections(proxy.address(), http2, tls ? client(http2) : null, ASK)) {
        warm.open(WARM);
      }
      String alone = tls ? "" : times(proxy);
      Thread.sleep(SETTLE_MILLIS);
      long heap = proxy.heapBytes();
      long beside = proxy.anonymousBytes();
      kept.open(CONNECTIONS);
      long heapMore = proxy.heapBytes() - heap;
      long besideMore = proxy.anonymousBytes() - beside;
      String among = tls ? "" : times(proxy);
      assertThat(kept.size()).as("kept").isEqualTo(CONNECTIONS);
      String figure =
          "idle connections: %d %s%s: %.1f KiB each: %.1f of heap, %.1f beside it%s"
              .formatted(
                  CONNECTIONS,
                  http2 ? "HTTP/2" : "HTTP/1.1",
                  tls ? " over TLS" : "",
                  kib(heapMore + besideMore),
                  kib(heapMore),
                  kib(besideMore),
                  tls ? "" : "; calls alone " + alone + ", among them " + among);
      System.out.println(figure);
      assertThat(heapMore + besideMore - AT_ONCE_BYTES)
          .as(figure)
          .isLessThan((long) mostKib * CONNECTIONS * 1024);
      kept.open(WARM);
      assertThat(proxy.log()).isEmpty();
    }
  }

  private static double kib(long bytes) {
    return bytes / 1024.0 / CONNECTIONS;
  }

  /// Asks one after another on a connection of its own; tells how long that took.
  private static String times(ProxyProcess proxy) throws IOException {
    long[] nanos = new long[CALLS];
    try (Http1Caller caller = new Http1Caller(proxy.address())) {
      for (int i = 0; i < CALLS; i++) {
        long begun = System.nanoTime();
        Answer answer = caller.send(ASK);
        nanos[i] = System.nanoTime() - begun;
        assertThat(answer.ending()).isEqualTo(Ending.WHOLE);
        assertThat(answer.text()).endsWith("[DONE]\n\n");
      }
    }
    Arrays.sort(nanos);
    return String.format(
        Locale.ROOT,
        "p50 %d µs, p99 %d µs",
        micros(nanos[CALLS / 2]),
        micros(nanos[CALLS * 99 / 100]));
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  private String tlsYaml() throws Exception {
    return "  " + LabCertificate.in(dir).yaml() + "\n";
  }

  /// Offers one protocol, and trusts anyone.
  static SslContext client(boolean http2) throws IOException {
    return SslContextBuilder.forClient()
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm(null)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                http2 ? ApplicationProtocolNames.HTTP_2 : ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
