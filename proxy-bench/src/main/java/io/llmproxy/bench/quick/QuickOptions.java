package io.llmproxy.bench.quick;

import java.time.Duration;
import java.util.List;

/// What a quick comparison does.
///
/// @param window how long each arm is measured under each load in each round
/// @param streams paced streams in flight
/// @param rate events per second of each
/// @param flags of our proxy's JVM
record QuickOptions(
    int rounds,
    Duration window,
    int streams,
    int rate,
    List<Arm> arms,
    boolean log,
    List<String> flags) {

  /// Events of each stream, paced or not.
  static final int EVENTS = 100;

  QuickOptions {
    arms = List.copyOf(arms);
    flags = List.copyOf(flags);
    if (rounds < 1 || streams < 1 || rate < 1 || window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException(
          "rounds, streams, rate, window (expected: all more than 0)");
    }
  }

  /// How long the whole takes on a machine that is otherwise idle: warm-up, each arm's three
  /// windows with what is around them, and a last look at load and provider alone.
  Duration estimate() {
    Duration round = window.multipliedBy(3).plus(pacedStream()).plusMillis(1_250);
    long jvms = arms.stream().filter(Arm::ours).count();
    return round.multipliedBy((long) rounds * arms.size() + 2).plusSeconds(30 + 20 * jvms);
  }

  /// How long a paced stream takes.
  Duration pacedStream() {
    return Duration.ofMillis(1_000L * EVENTS / rate);
  }
}
