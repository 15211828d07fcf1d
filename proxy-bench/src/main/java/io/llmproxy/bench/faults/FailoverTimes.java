package io.llmproxy.bench.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// How much later the first byte of an answer comes where the route's first target fails at once.
/// Each request has a first target of its own, which no breaker has closed yet.
final class FailoverTimes implements AutoCloseable {

  private static final String ANSWER = "sim-events=2";

  /// Requests of each fault before those that count, so that they do not meet cold code.
  private static final int WARM = 200;

  private static final int PATIENCE_MILLIS = 10_000;

  /// How the first target fails.
  enum Fault {
    NONE("no fault"),
    REFUSED("a refused connection"),
    RESET("a reset before the head"),
    UNAVAILABLE("a 503");

    private final String words;

    Fault(String words) {
      this.words = words;
    }

    /// The first target of the route of that number.
    private String target(int number) {
      return switch (this) {
        case NONE -> "up/" + ANSWER + ",id=usual";
        case REFUSED -> "down/m" + number;
        case RESET -> "up/sim-reset=head,id=" + number;
        case UNAVAILABLE -> "up/sim-status=503,id=" + number;
      };
    }
  }

  /// What a fault came to, of so many requests.
  ///
  /// @param answered by the second target
  /// @param addedMillis the 99th percentile of what came to the median without a fault
  record Figure(Fault fault, int asked, int answered, double addedMillis) {
    @Override
    public String toString() {
      return "fail-over from %s: %d of %d answered, first byte at most %.1f ms later (p99)"
          .formatted(fault.words, answered, asked, addedMillis);
    }
  }

  private final int requests;
  private final Simulators simulators;
  private final Proxy proxy;

  /// @param requests of each fault
  FailoverTimes(int requests) throws IOException {
    this.requests = requests;
    simulators = Simulators.start(SimulatorSettings.DEFAULT);
    try {
      proxy = start();
    } catch (IOException | RuntimeException e) {
      simulators.close();
      throw e;
    }
  }

  private Proxy start() throws IOException {
    StringBuilder yaml = new StringBuilder("llmproxy:\n  listen_addr: \"127.0.0.1:0\"\n");
    yaml.append("  log_level: error\n  event_loops: 1\n  logging: {requests: none}\n");
    yaml.append("  admin: {listen_addr: \"127.0.0.1:0\"}\n");
    yaml.append("  retry: {budget_percent: 100}\n  providers:\n");
    provider(yaml, "up", simulators.baseUrl(SimulatedProvider.OPENAI));
    provider(yaml, "down", URI.create("http://127.0.0.1:" + closedPort() + "/v1"));
    yaml.append("  routes:\n");
    for (Fault fault : Fault.values()) {
      for (int i = 0; i < WARM + requests; i++) {
        yaml.append("    - {model: ").append(route(fault, i)).append(", targets: [\"");
        yaml.append(fault.target(i)).append("\", \"up/").append(ANSWER).append("\"]}\n");
      }
    }
    Path file = Files.createTempFile("llmproxy-failover", ".yaml");
    try {
      Files.writeString(file, yaml);
      return switch (SettingsLoader.load(file, Map.of())) {
        case LoadResult.Loaded(var settings) -> Proxy.start(settings);
        case LoadResult.Refused(var problems) ->
            throw new IOException("the configuration for fail-overs: " + problems);
      };
    } finally {
      Files.delete(file);
    }
  }

  private static void provider(StringBuilder yaml, String name, URI baseUrl) {
    yaml.append("    ").append(name).append(": {type: openai, api_key: k, base_url: \"");
    yaml.append(baseUrl).append("\"}\n");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String route(Fault fault, int number) {
    return "failover-" + fault.ordinal() + "-" + number;
  }

  /// Asks for each fault in turn, so that whatever else the machine does befalls all of them.
  Figure[] measure() throws IOException {
    Fault[] faults = Fault.values();
    long[][] nanos = new long[faults.length][requests];
    int[] answered = new int[faults.length];
    for (int i = -WARM; i < requests; i++) {
      for (Fault fault : faults) {
        long took = firstByte(route(fault, WARM + i));
        if (i >= 0) {
          nanos[fault.ordinal()][i] = Math.abs(took);
          answered[fault.ordinal()] += took > 0 ? 1 : 0;
        }
      }
    }
    Arrays.sort(nanos[0]);
    long usual = nanos[0][requests / 2];
    Figure[] figures = new Figure[faults.length];
    for (Fault fault : faults) {
      long[] of = nanos[fault.ordinal()];
      Arrays.sort(of);
      double added = (of[requests * 99 / 100] - usual) / (double) TimeUnit.MILLISECONDS.toNanos(1);
      figures[fault.ordinal()] = new Figure(fault, requests, answered[fault.ordinal()], added);
    }
    return figures;
  }

  /// How long the first byte took, nanoseconds; negative where it was not an answer's.
  private long firstByte(String route) throws IOException {
    InetSocketAddress address = proxy.address();
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + AskedDialect.CHAT.path());
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address);
      byte[] request =
          FaultCaller.request(uri, AskedDialect.CHAT.body(route, "Say something.", true, false));
      long begun = System.nanoTime();
      socket.getOutputStream().write(request);
      int first = socket.getInputStream().read();
      long nanos = System.nanoTime() - begun;
      String told = first + new String(socket.getInputStream().readAllBytes(), UTF_8);
      return told.contains(" 200 OK") && told.contains("[DONE]") ? nanos : -nanos;
    }
  }

  @Override
  public void close() {
    proxy.close();
    simulators.close();
  }
}
