package io.llmproxy.proxy.exchange;

import io.llmproxy.proxy.config.Settings.Timeouts;
import io.llmproxy.proxy.failure.Failure;
import io.llmproxy.proxy.failure.FailureKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which deadline an exchange is past.
final class Deadlines {

  private static final Duration BODY_SILENCE = Duration.ofSeconds(30);

  private Deadlines() {}

  /// The failure that is due now, or null.
  static @Nullable Failure due(
      Phase phase, Timing timing, long nowNanos, Timeouts timeouts, String provider) {
    long silence = nowNanos - timing.lastProgress;
    return switch (phase) {
      case Phase.Reading _ when silence > BODY_SILENCE.toNanos() ->
          new Failure(
              FailureKind.REQUEST_TIMEOUT,
              "no byte of the request's body for " + BODY_SILENCE.toSeconds() + " s");
      case Phase.Trying _ when silence > timeouts.responseHead().toNanos() ->
          timeout(provider, "sent no reply within " + timeouts.responseHead().toMillis() + " ms");
      case Phase.Refused _ when silence > timeouts.idle().toNanos() ->
          timeout(provider, "sent only part of its error");
      case Phase.Gathering _ when silence > timeouts.idle().toNanos() ->
          timeout(provider, "sent nothing for " + timeouts.idle().toMillis() + " ms");
      case Phase.Relaying(var attempt, _)
          when !attempt.isPaused() && silence > timeouts.idle().toNanos() ->
          timeout(provider, "sent nothing for " + timeouts.idle().toMillis() + " ms");
      case Phase.Relaying _, Phase.Gathering _, Phase.Trying _
          when nowNanos - timing.started > timeouts.total().toNanos() ->
          timeout(provider, "took longer than " + timeouts.total().toMillis() + " ms in all");
      case Phase.Reading _,
          Phase.Trying _,
          Phase.Refused _,
          Phase.Gathering _,
          Phase.Relaying _,
          Phase.Answering _,
          Phase.Closed _ ->
          null;
    };
  }

  private static Failure timeout(String provider, String what) {
    return new Failure(FailureKind.UPSTREAM_TIMEOUT, "provider " + provider + " " + what);
  }
}
