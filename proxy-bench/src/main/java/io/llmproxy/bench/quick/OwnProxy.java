package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.quick.Children.Child;
import io.llmproxy.proxy.config.KeyHash;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Starts the proxy itself, as a child with this JVM's class path and flags.
final class OwnProxy {
  private static final Duration START = Duration.ofSeconds(30);
  private static final String READY = "llmproxy ready ";

  /// Every kind of limit and budget, none of which is ever reached; the key is `bench`.
  private static final String POLICY =
      """
        keys:
          - name: "bench"
            hash: "%s"
            cost_budget: {hourly_limit: 900000000, daily_limit: 900000000, monthly_limit: 900000000}
        rate_limits:
          requests_per_minute: 1000000000
          tokens_per_minute: 1000000000
          concurrent_requests: 1000000
          total: {requests_per_minute: 1000000000, tokens_per_minute: 1000000000, concurrent_requests: 1000000}
        cost_budget:
          hourly_limit: 900000000
          daily_limit: 900000000
          monthly_limit: 900000000
          on_unpriced: charge_ceiling
        ledger: {dir: "ledger", durability: batched}
      """
          .formatted(KeyHash.ofKey("bench".getBytes(StandardCharsets.US_ASCII)));

  private final Children children;
  private final InetSocketAddress upstream;
  private final List<String> flags;

  /// How one is set up.
  ///
  /// @param log whether a line is written of each request
  /// @param policed whether keys, limits, budgets and a ledger are on
  /// @param models what the provider offers
  record Setup(
      String name,
      Protocol upstream,
      int eventLoops,
      boolean log,
      boolean policed,
      List<String> models) {}

  OwnProxy(Children children, InetSocketAddress upstream, List<String> flags) {
    this.children = children;
    this.upstream = upstream;
    this.flags = List.copyOf(flags);
  }

  List<String> command(Setup setup) throws IOException {
    Path config = children.directory(setup.name()).resolve("llmproxy.yaml");
    Files.writeString(config, config(setup) + (setup.policed() ? POLICY : ""));
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(flags);
    // The start script's jar says this in its manifest, which counts only with -jar.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.llmproxy.proxy.Main", "serve", "--config", config.toString()));
    command.addAll(List.of("--listen", "127.0.0.1:0"));
    return command;
  }

  ProxyUnderTest start(Setup setup, List<String> command) throws IOException, InterruptedException {
    Child child = children.start(setup.name(), command);
    String ready = Children.awaitLine(child, READY, START);
    URI data = URI.create(ready.substring(READY.length()).split(" ", 2)[0]);
    return new ProxyUnderTest(
        version(), new InetSocketAddress(data.getHost(), data.getPort()), child.linux());
  }

  private static String version() {
    String own = OwnProxy.class.getPackage().getImplementationVersion();
    return "llmproxy " + (own == null ? "(classes)" : own) + " on " + Runtime.version();
  }

  private String config(Setup setup) {
    String http2 = setup.upstream() == Protocol.H2C ? "prior_knowledge" : "never";
    return """
    llmproxy:
      listen_addr: "127.0.0.1:0"
      log_level: "warn"
      admin:
        listen_addr: "127.0.0.1:0"
      event_loops: %d
      logging:
        requests: %s
      providers:
        openai:
          api_key: "bench"
          base_url: "http://%s/v1"
          http2: %s
          models:
    %s
    """
        .formatted(
            setup.eventLoops(),
            setup.log() ? "metadata" : "none",
            BenchRequests.authority(upstream),
            http2,
            models(setup.models()));
  }

  private static String models(List<String> names) {
    return names.stream()
        .map(name -> "        - name: \"" + name + "\"")
        .collect(Collectors.joining("\n"));
  }
}
