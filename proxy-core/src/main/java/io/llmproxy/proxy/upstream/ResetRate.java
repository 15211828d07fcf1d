package io.llmproxy.proxy.upstream;

import java.util.concurrent.TimeUnit;

/// How often a connection has lately reset streams. Servers close a connection that resets too many
/// (CVE-2023-44487; Netty's default is 200 in 30 s, Envoy's 500 in all), and with it the streams of
/// everybody else, so it takes no new streams long before.
final class ResetRate {

  private static final int MOST = 64;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

  private long since = System.nanoTime();
  private int resets;

  /// Counts a stream that is reset now; true where no further one should be risked.
  boolean isSpentBy(long nowNanos) {
    if (nowNanos - since > WINDOW_NANOS) {
      since = nowNanos;
      resets = 0;
    }
    return ++resets >= MOST;
  }
}
