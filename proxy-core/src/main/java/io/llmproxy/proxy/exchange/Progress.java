package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.upstream.Attempt;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How far an attempt has come, and by which of its deadlines it is late. Times are
/// `System.nanoTime()`.
final class Progress {

  /// How long a reply's rate is measured for; a pause between two tokens is no low rate.
  private static final long RATE_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final long begun;
  private long last;
  private boolean head;
  private boolean body;
  private boolean content;
  private long windowBegun;
  private long windowBytes;

  Progress(long begun) {
    this.begun = begun;
    this.last = begun;
  }

  void head(long now) {
    head = true;
    last = now;
  }

  void part(long now, int bytes) {
    body = true;
    last = now;
    windowBytes += bytes;
  }

  void content(long now) {
    content = true;
    windowBegun = now;
    windowBytes = 0;
  }

  /// What the provider failed to do in time, null where it is not late.
  @Nullable String late(long now, Timeouts timeouts, Attempt attempt) {
    if (!head && !attempt.isWritten() && isPast(now - begun, timeouts.requestWrite())) {
      return "did not take the request within " + timeouts.requestWrite().toMillis() + " ms";
    }
    if (!head) {
      return isPast(now - begun, timeouts.responseHead())
          ? "sent no reply within " + timeouts.responseHead().toMillis() + " ms"
          : null;
    }
    if (!body && isPast(now - begun, timeouts.firstEvent())) {
      return "sent nothing of its reply within " + timeouts.firstEvent().toMillis() + " ms";
    }
    if (!content && isPast(now - begun, timeouts.firstContent())) {
      return "sent no content within " + timeouts.firstContent().toMillis() + " ms";
    }
    if (attempt.isPaused()) {
      restartWindow(now);
      return null;
    }
    if (isPast(now - last, timeouts.idle())) {
      return "sent nothing for " + timeouts.idle().toMillis() + " ms";
    }
    return isTooSlow(now, timeouts.minRate())
        ? "sent less than " + timeouts.minRate() + " bytes a second"
        : null;
  }

  private boolean isTooSlow(long now, int minRate) {
    if (!content || minRate == 0 || now - windowBegun < RATE_WINDOW_NANOS) {
      return false;
    }
    double seconds = (now - windowBegun) / 1e9;
    boolean slow = windowBytes < minRate * seconds;
    restartWindow(now);
    return slow;
  }

  private void restartWindow(long now) {
    windowBegun = now;
    windowBytes = 0;
  }

  private static boolean isPast(long nanos, Duration deadline) {
    return !deadline.isZero() && nanos > deadline.toNanos();
  }
}
