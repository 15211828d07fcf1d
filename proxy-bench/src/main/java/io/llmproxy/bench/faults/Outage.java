package io.llmproxy.bench.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What one caller sees of an outage of the first target, and what that target sees of the caller.
final class Outage {

  private static final int BACK_WITHIN_SECONDS = 10;

  /// A breaker's failures until it opens, and a probe every few seconds.
  private static final int MOST_AT_ONCE = 12;

  private static final int SECONDS_A_PROBE = 3;

  private final int seconds;
  private final List<String> wrong = new ArrayList<>();
  private final long begun = System.nanoTime();
  private int probes;
  private int asked;
  private int failed;
  private boolean back;

  Outage(int seconds) {
    this.seconds = seconds;
  }

  boolean goesOn() {
    long most = TimeUnit.SECONDS.toNanos(seconds + BACK_WITHIN_SECONDS);
    return !back && System.nanoTime() - begun < most;
  }

  /// Notes one request.
  ///
  /// @param first whether the first target has answered by now
  void asked(Judge.Seen seen, boolean first, List<String> flaws) {
    asked++;
    back = first;
    probes += first ? 0 : seen.attempts().getFirst().size();
    failed += flaws.isEmpty() ? 0 : 1;
    if (failed == 1 && !flaws.isEmpty()) {
      wrong.addAll(flaws);
    }
  }

  List<String> wrong() {
    List<String> all = new ArrayList<>();
    if (failed > 0) {
      all.add(failed + " of " + asked + " requests went wrong");
      all.addAll(wrong);
    }
    int most = MOST_AT_ONCE + seconds / SECONDS_A_PROBE;
    if (probes > most) {
      all.add("the first target was asked %d times, at most %d".formatted(probes, most));
    }
    if (!back) {
      all.add("the first target was not back within " + BACK_WITHIN_SECONDS + " s");
    }
    return all;
  }
}
