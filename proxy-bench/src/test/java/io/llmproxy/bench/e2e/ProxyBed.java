package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.e2e.Caller.Wire;
import io.llmproxy.bench.simulator.Books;
import io.llmproxy.bench.simulator.Cancellation;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The five simulated providers and a proxy of two event loops before them, all on free ports.
final class ProxyBed implements AutoCloseable {

  /// Stands in the YAML of further providers for where the simulated OpenAI is.
  static final String OPENAI_URL = "OPENAI_URL";

  /// How a bed is made.
  ///
  /// @param providers lines of YAML for each of the five
  /// @param others YAML of further providers, at their depth
  /// @param root YAML of further sections, at theirs
  record Plan(SimulatorSettings simulators, String providers, String others, String root) {
    /// In clear text, with `upstream` spoken to the providers.
    static Plan of(Wire upstream) {
      String http2 = upstream == Wire.H2 ? "      http2: prior_knowledge\n" : "";
      return new Plan(SimulatorSettings.DEFAULT, http2, "", "");
    }

    /// With other simulators.
    Plan with(SimulatorSettings otherSimulators) {
      return new Plan(otherSimulators, providers, others, root);
    }

    /// With more lines for each of the five.
    Plan withProviders(String yaml) {
      return new Plan(simulators, providers + yaml, others, root);
    }

    Plan withOthers(String yaml) {
      return new Plan(simulators, providers, yaml, root);
    }

    Plan withRoot(String yaml) {
      return new Plan(simulators, providers, others, yaml);
    }
  }

  private final Simulators simulators;
  private final Proxy proxy;
  private final boolean sharesConnections;

  ProxyBed(Plan plan) throws IOException {
    sharesConnections = plan.providers().contains("prior_knowledge");
    simulators = Simulators.start(plan.simulators());
    try {
      proxy = start(plan);
    } catch (IOException | RuntimeException e) {
      simulators.close();
      throw e;
    }
  }

  static ProxyBed of(Wire upstream) throws IOException {
    return new ProxyBed(Plan.of(upstream));
  }

  /// Whether several requests go to a provider over one connection.
  boolean sharesConnections() {
    return sharesConnections;
  }

  private Proxy start(Plan plan) throws IOException {
    StringBuilder yaml = new StringBuilder();
    yaml.append("llmproxy:\n  listen_addr: \"127.0.0.1:0\"\n  event_loops: 2\n");
    yaml.append("  admin:\n    listen_addr: \"127.0.0.1:0\"\n  providers:\n");
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      yaml.append("    ").append(provider.key()).append(":\n");
      yaml.append("      base_url: \"").append(simulators.baseUrl(provider)).append("\"\n");
      yaml.append("      api_key: \"key.of-").append(provider.key()).append("\"\n");
      yaml.append("      models:\n        - name: \"sim-echo,id=").append(provider.key());
      yaml.append("\"\n          alias: \"").append(provider.key()).append("-alias\"\n");
      yaml.append(plan.providers());
    }
    String openAi = simulators.baseUrl(SimulatedProvider.OPENAI).toString();
    yaml.append(plan.others().replace(OPENAI_URL, openAi)).append(plan.root());
    Path file = Files.createTempFile("llmproxy", ".yaml");
    try {
      Files.writeString(file, yaml);
      return switch (SettingsLoader.load(file, Map.of())) {
        case LoadResult.Loaded(var settings) -> Proxy.start(settings);
        case LoadResult.Refused(var problems) ->
            throw new IllegalArgumentException(problems + " in\n" + yaml);
      };
    } finally {
      Files.delete(file);
    }
  }

  /// Where callers connect.
  InetSocketAddress address() {
    return proxy.address();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + proxy.address().getPort() + path);
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

  /// What the admin port says of usage and cost.
  String usage() throws IOException, InterruptedException {
    int port = proxy.adminAddress().getPort();
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI usage = URI.create("http://127.0.0.1:" + port + "/usage");
      return client.send(HttpRequest.newBuilder(usage).build(), BodyHandlers.ofString()).body();
    }
  }

  /// Asks on a connection of its own.
  Answer ask(Wire wire, Ask ask) throws IOException, InterruptedException {
    try (Caller caller = wire.open(address())) {
      return caller.send(ask);
    }
  }

  /// Asks so often at once, each time on a connection of its own.
  List<Answer> askAtOnce(int calls, Ask ask) throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<Answer>> asked = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < calls; i++) {
        asked.add(
            callers.submit(() -> {
              begin.await();
              return ask(Wire.H1, ask);
            }));
      }
      begin.countDown();
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> each : asked) {
      answers.add(each.get());
    }
    return answers;
  }

  /// Asks a provider itself, past the proxy.
  Answer askProvider(SimulatedProvider provider, Ask ask) throws IOException {
    URI base = simulators.baseUrl(provider);
    String prefix = provider == SimulatedProvider.ANTHROPIC ? "" : "/v1";
    Ask direct =
        new Ask(
            ask.method(),
            base.getPath() + ask.path().substring(prefix.length()),
            List.of("authorization", "Bearer k.k", "anthropic-version", "2023-06-01"),
            ask.body(),
            true);
    try (Http1Caller caller =
        new Http1Caller(new InetSocketAddress(base.getHost(), base.getPort()))) {
      return caller.send(direct);
    }
  }

  /// How often a model's reply was cancelled, as its provider saw it.
  List<Cancellation> cancellations(String model) {
    return books().cancellations().stream().filter(c -> c.model().equals(model)).toList();
  }

  /// Fails unless everything has come to rest: no exchange, no caller's connection, no reply under
  /// way at a provider, nothing leaked. Callers are to be closed before.
  void assertAtRest() throws InterruptedException {
    Patience.until("no exchange under way", () -> proxy.exchanges() == 0);
    Patience.until("no connection of a caller", () -> proxy.downstreamConnections() == 0);
    Patience.until("no reply open at a provider", () -> books().openStreams() == 0);
    LeakCheck.assertNone();
    assertThat(proxy.upstreamConnections()).as("idle upstream connections").isLessThan(200);
  }

  @Override
  public void close() {
    proxy.close();
    simulators.close();
  }
}
