package io.llmproxy.bench.client;

import io.llmproxy.bench.e2e.Patience;
import io.llmproxy.bench.simulator.Books;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.client.ClientBuilder;
import io.llmproxy.client.HttpVersion;
import io.llmproxy.client.LlmClient;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The simulated providers and a proxy before them, on free ports.
final class ClientBed implements AutoCloseable {

  private final Simulators simulators;
  private final Proxy proxy;
  private final String scheme;

  /// A bed whose configuration has `root` at the depth of the root's members.
  ClientBed(String root) throws IOException {
    simulators = Simulators.start(SimulatorSettings.DEFAULT.withAttempts());
    scheme = root.contains("tls:") ? "https://" : "http://";
    proxy = Proxy.start(settings(yaml(simulators, root)));
  }

  /// The configuration of a proxy before `simulators`.
  static String yaml(Simulators simulators, String root) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("llmproxy:\n  listen_addr: \"127.0.0.1:0\"\n  event_loops: 1\n");
    yaml.append("  logging: {requests: none}\n");
    yaml.append("  admin:\n    listen_addr: \"127.0.0.1:0\"\n  providers:\n");
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      yaml.append(
          """
              %s:
                base_url: "%s"
                api_key: "key.of-%s"
                http2: prior_knowledge
                models: [{name: "priced-%s", price: {input: 1, output: 10}}]
          """
              .formatted(
                  provider.key(), simulators.baseUrl(provider), provider.key(), provider.key()));
    }
    return yaml.append(root).toString();
  }

  private static io.llmproxy.proxy.config.Settings settings(String yaml) throws IOException {
    Path file = Files.createTempFile("llmproxy", ".yaml");
    try {
      Files.writeString(file, yaml);
      return switch (SettingsLoader.load(file, Map.of())) {
        case LoadResult.Loaded(var settings) -> settings;
        case LoadResult.Refused(var problems) ->
            throw new IllegalArgumentException(problems + " in\n" + yaml);
      };
    } finally {
      Files.delete(file);
    }
  }

  String url() {
    return scheme + "127.0.0.1:" + proxy.address().getPort();
  }

  Proxy proxy() {
    return proxy;
  }

  Simulators simulators() {
    return simulators;
  }

  Books books() {
    return simulators.books();
  }

  /// A client of this proxy that speaks `version`.
  ClientBuilder client(HttpVersion version) {
    return LlmClient.builder().endpoint(io.llmproxy.client.Endpoint.of(url()).withVersion(version));
  }

  /// Fails unless nothing is under way any more.
  void assertAtRest() throws InterruptedException {
    Patience.until("no exchange under way", () -> proxy.exchanges() == 0);
    Patience.until("no reply open at a provider", () -> books().openStreams() == 0);
  }

  @Override
  public void close() {
    proxy.close();
    simulators.close();
  }
}
