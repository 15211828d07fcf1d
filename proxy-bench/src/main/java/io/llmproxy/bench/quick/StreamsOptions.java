package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import java.time.Duration;
import java.util.List;

/// What a run of many streams does.
///
/// @param rate events per second of each stream
/// @param ramp in which the streams are opened, evenly
/// @param length how long all of them are in flight; each lasts as long as both
/// @param stall the longest silence within a stream that is still no stall
/// @param flags of our proxy's JVM
record StreamsOptions(
    int streams,
    int rate,
    Duration ramp,
    Duration length,
    Protocol protocol,
    Duration stall,
    List<String> flags) {
  private static final int STREAMS_PER_CONNECTION = 50;

  StreamsOptions {
    flags = List.copyOf(flags);
    if (streams < 1 || rate < 1 || length.isZero() || length.isNegative() || ramp.isNegative()) {
      throw new IllegalArgumentException("streams, rate, length (expected: all more than 0)");
    }
    if (protocol == Protocol.H2C && streams > perConnection(streams) * connections(streams)) {
      throw new IllegalArgumentException(
          "streams: " + streams + " (expected: a multiple of " + STREAMS_PER_CONNECTION + ")");
    }
  }

  private static int perConnection(int streams) {
    return Math.min(streams, STREAMS_PER_CONNECTION);
  }

  private static int connections(int streams) {
    return Math.max(1, streams / STREAMS_PER_CONNECTION);
  }

  int connections() {
    return protocol == Protocol.H2C ? connections(streams) : streams;
  }

  int streamsPerConnection() {
    return protocol == Protocol.H2C ? perConnection(streams) : 1;
  }

  /// Content events of each stream.
  int events() {
    return (int) Math.max(1, rate * ramp.plus(length).toMillis() / 1_000);
  }
}
