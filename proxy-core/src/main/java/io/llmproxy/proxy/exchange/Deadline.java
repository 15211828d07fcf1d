package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.failure.Failure;
import java.util.concurrent.TimeUnit;

/// When an exchange is to be over, whatever attempts are still to be made.
///
/// @param asked whether the caller has said how long it waits
record Deadline(long begunNanos, long totalNanos, boolean asked) {

  static final Deadline NONE = new Deadline(0, Long.MAX_VALUE, false);

  static Deadline of(Request request, Timeouts timeouts, long begunNanos) {
    long total = timeouts.total().toNanos();
    long callers = request.timeoutMillis();
    return callers < 0
        ? new Deadline(begunNanos, total, false)
        : new Deadline(begunNanos, Math.min(total, TimeUnit.MILLISECONDS.toNanos(callers)), true);
  }

  boolean isPast(long nowNanos) {
    return nowNanos - begunNanos > totalNanos;
  }

  /// How long the caller is still going to wait, −1 where it does not say.
  long leftMillis(long nowNanos) {
    return asked
        ? TimeUnit.NANOSECONDS.toMillis(Math.max(0, totalNanos - (nowNanos - begunNanos)))
        : -1;
  }

  Failure failure(String provider) {
    return Failures.tookTooLong(provider, totalNanos);
  }
}
