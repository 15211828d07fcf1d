package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadTotals;
import io.llmproxy.bench.load.LoadWindow;
import io.llmproxy.bench.quick.LinuxProcess.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What many streams through one proxy came to.
///
/// @param during the most the proxy held while streams ran, by resident size
/// @param after with all streams ended and a few seconds of rest
record StreamsResult(
    StreamsOptions options,
    String version,
    LoadTotals totals,
    LoadWindow window,
    Cpu cpu,
    Memory before,
    Memory during,
    Memory after) {

  /// CPU time, and time spent waiting for a core, in nanoseconds.
  ///
  /// @param restWait of load and simulated provider
  record Cpu(long proxy, long proxyWait, long restWait) {}

  /// Everything that went wrong; empty when nothing did.
  List<String> flaws() {
    List<String> flaws = new ArrayList<>();
    if (totals.failed() > 0) {
      flaws.add(totals.failed() + " streams failed, first: " + totals.firstFailure());
    }
    if (totals.inFlight() > 0) {
      flaws.add(totals.inFlight() + " streams never ended");
    }
    if (totals.completed() != options.streams()) {
      flaws.add(totals.completed() + " streams completed (expected: " + options.streams() + ")");
    }
    stalled("gap within a stream", window.gap().max(), flaws);
    stalled("wait for a first event", window.firstEvent().max(), flaws);
    return flaws;
  }

  private void stalled(String what, long longestNanos, List<String> flaws) {
    if (longestNanos > options.stall().toNanos()) {
      flaws.add(
          String.format(
              Locale.ROOT,
              "stall: a %s of %.0f ms (expected: at most %d ms)",
              what,
              longestNanos / 1e6,
              options.stall().toMillis()));
    }
  }
}
