package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Thousands of requests of every kind, many of them abandoned or broken, leave nothing behind.
@Timeout(240)
final class MixedLoadIT {

  private static final int CALLERS = 20;
  private static final int REQUESTS = 4_000;
  private static final long MOST_DIRECT_GROWTH = 24 << 20;

  private final MixedLoad load = new MixedLoad(CALLERS);

  @Test
  void leavesNothingBehind() throws Exception {
    long seed = System.nanoTime();
    System.out.println("mixed load: seed " + seed);
    try (ProxyBed http1 = ProxyBed.of(Wire.H1);
        ProxyBed http2 = ProxyBed.of(Wire.H2)) {
      load.run(List.of(http1, http2), seed - 1, REQUESTS / 20);
      assertAtRest(http1, http2);
      long before = directBytes();
      load.run(List.of(http1, http2), seed, REQUESTS);
      assertThat(load.wrong).as("seed " + seed).isEmpty();
      assertAtRest(http1, http2);
      System.out.println(
          "mixed load: "
              + load.whole
              + " whole, "
              + load.broken
              + " broken, "
              + load.left
              + " left");
      assertThat(directBytes() - before).as("direct memory kept").isLessThan(MOST_DIRECT_GROWTH);
      assertThat(load.whole.get()).isGreaterThan(REQUESTS / 3);
      assertThat(load.left.get()).isGreaterThan(REQUESTS / 20);
      assertThat(load.broken.get()).isGreaterThan(REQUESTS / 50);
    }
  }

  private static void assertAtRest(ProxyBed... beds) throws InterruptedException {
    for (ProxyBed bed : beds) {
      bed.assertAtRest();
      // What is idle is at most what was ever needed at once.
      assertThat(bed.proxy().upstreamConnections()).isLessThanOrEqualTo(2 * CALLERS * 5);
      Patience.until(
          "as many connections at the providers as the proxy keeps",
          () -> bed.books().openConnections() == bed.proxy().upstreamConnections());
    }
  }

  private static long directBytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }
}
