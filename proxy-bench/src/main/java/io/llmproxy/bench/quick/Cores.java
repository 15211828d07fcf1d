package io.llmproxy.bench.quick;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Which core runs what: the proxy alone on one, load and simulated provider on another.
record Cores(int proxy, int load) {

  static Cores firstTwo() {
    return new Cores(0, 1);
  }

  /// The command, bound to the proxy's core.
  List<String> onProxyCore(List<String> command) {
    List<String> bound = new ArrayList<>(List.of("taskset", "-c", Integer.toString(proxy)));
    bound.addAll(command);
    return bound;
  }

  /// Binds every thread of this process to the load's core.
  void bindSelf() throws IOException, InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    CommandOutput.of(List.of("taskset", "-acp", Integer.toString(load), pid));
  }
}
