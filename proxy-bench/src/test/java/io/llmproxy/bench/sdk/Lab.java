package io.llmproxy.bench.sdk;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The five simulated providers and a proxy before them, on free ports of loopback.
final class Lab implements AutoCloseable {

  private final Simulators simulators;
  private final Settings settings;
  private final Proxy proxy;

  private Lab(Simulators simulators, Settings settings, Proxy proxy) {
    this.simulators = simulators;
    this.settings = settings;
    this.proxy = proxy;
  }

  /// Cleartext on both sides, HTTP/1.1 to the providers.
  static Lab cleartext() throws IOException {
    return start(yaml -> yaml);
  }

  /// TLS towards callers, HTTP/2 to the providers.
  static Lab tls(LabCertificate certificate) throws IOException {
    return start(yaml -> yaml.top(certificate.yaml()).eachProvider("http2: prior_knowledge"));
  }

  static Lab start(Changes changes) throws IOException {
    Simulators simulators = Simulators.start();
    try {
      Settings settings = settings(changes.of(LabYaml.before(simulators)).text());
      return new Lab(simulators, settings, Proxy.start(settings));
    } catch (IOException | RuntimeException e) {
      simulators.close();
      throw e;
    }
  }

  /// What one test has different in its configuration.
  @FunctionalInterface
  interface Changes {
    LabYaml of(LabYaml yaml);
  }

  private static Settings settings(String yaml) throws IOException {
    Path file = Files.createTempFile("llmproxy-lab", ".yaml");
    try {
      Files.writeString(file, yaml);
      return switch (SettingsLoader.load(file, Map.of())) {
        case LoadResult.Loaded(Settings settings) -> settings;
        case LoadResult.Refused(var problems) -> throw new IllegalStateException(yaml + problems);
      };
    } finally {
      Files.delete(file);
    }
  }

  Simulators simulators() {
    return simulators;
  }

  Settings settings() {
    return settings;
  }

  Proxy proxy() {
    return proxy;
  }

  int port() {
    return proxy.address().getPort();
  }

  /// Scheme, host and port of the data port.
  String origin() {
    return (settings.tls() == null ? "http" : "https") + "://127.0.0.1:" + port();
  }

  /// How often `provider` was asked for `model`.
  long asked(SimulatedProvider provider, String model) {
    return simulators.books().model(provider, model).requests();
  }

  @Override
  public void close() {
    proxy.close();
    simulators.close();
  }
}
