package io.llmproxy.bench.quick;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/// The simulated provider of a comparison, in this process: its thread and the load's share a core
/// either way, and a switch between threads of one process is the cheaper one.
///
/// @param simulators of which OpenAI's is used
record BenchProvider(Simulators simulators) implements AutoCloseable {

  /// @param tick how finely events are paced: events of one tick and connection share a write
  static BenchProvider start(Duration tick) throws IOException {
    return new BenchProvider(
        Simulators.start(SimulatorSettings.DEFAULT.withTick(tick).withoutRefusals()));
  }

  InetSocketAddress address() {
    URI base = simulators.baseUrl(SimulatedProvider.OPENAI);
    return new InetSocketAddress(base.getHost(), base.getPort());
  }

  @Override
  public void close() {
    simulators.close();
  }
}
