package io.llmproxy.bench.faults;

import io.llmproxy.bench.simulator.Books;
import io.llmproxy.bench.simulator.ModelBook;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.bench.simulator.Tokens;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Two sets of simulated providers and the proxy before them, with a route for every run.
final class FaultBed implements AutoCloseable {

  private static final String HEAD =
      """
      llmproxy:
        listen_addr: "127.0.0.1:0"
        log_level: "error"
        event_loops: 1
        admin:
          listen_addr: "127.0.0.1:0"
        logging:
          requests: none
        timeouts: {connect: 1s, response_head: 1s, first_content: 1s, idle: 1s, total: 30s}
        retry: {max_attempts: 3, base_delay: 20ms, max_delay: 2s, budget_percent: 100}
      """;

  /// One run of a case.
  record Run(FaultCase fault, AskedDialect dialect, boolean streamed, int number) {
    String route() {
      return fault.route(dialect, streamed, number);
    }
  }

  private final Simulators primary;
  private final Simulators fallback;
  private final Proxy proxy;
  private final String outage;
  private final HttpClient client = HttpClient.newHttpClient();

  /// @param outage how long case 15's first target is down
  FaultBed(List<Run> runs, String outage) throws IOException {
    this.outage = outage;
    primary = Simulators.start(SimulatorSettings.DEFAULT.withAttempts());
    fallback = Simulators.start(SimulatorSettings.DEFAULT.withAttempts());
    try {
      proxy = start(runs);
    } catch (IOException | RuntimeException e) {
      primary.close();
      fallback.close();
      throw e;
    }
  }

  private Proxy start(List<Run> runs) throws IOException {
    StringBuilder yaml = new StringBuilder(HEAD).append("  providers:\n");
    Set<String> cells = new HashSet<>();
    for (Run run : runs) {
      if (cells.add(cell(run))) {
        provider(yaml, kind(run), cell(run) + "-a", primary);
        provider(yaml, kind(run), cell(run) + "-b", fallback);
      }
    }
    yaml.append("  routes:\n");
    for (Run run : runs) {
      yaml.append("    - {model: ")
          .append(run.route())
          .append(", resume: agreed_prefix, targets: [");
      for (int i = 0; i < run.fault().targets().size(); i++) {
        yaml.append(i == 0 ? "" : ", ").append('"').append(cell(run));
        yaml.append(i == 0 ? "-a/" : "-b/").append(model(run, i)).append('"');
      }
      yaml.append("]}\n");
    }
    Path file = Files.createTempFile("llmproxy-faults", ".yaml");
    try {
      Files.writeString(file, yaml);
      return switch (SettingsLoader.load(file, Map.of())) {
        case LoadResult.Loaded(var settings) -> Proxy.start(settings);
        case LoadResult.Refused(var problems) ->
            throw new IOException("the scorecard's configuration: " + problems);
      };
    } finally {
      Files.delete(file);
    }
  }

  /// Each cell has providers of its own, whose allowance of repetitions no other cell uses up.
  private static String cell(Run run) {
    return ("f" + run.fault().id() + "-" + run.dialect()).toLowerCase(Locale.ROOT);
  }

  private static void provider(
      StringBuilder yaml, SimulatedProvider kind, String name, Simulators simulators) {
    yaml.append("    ").append(name).append(":\n");
    yaml.append("      type: ").append(kind.key()).append('\n');
    yaml.append("      api_key: \"key-of-").append(name).append("\"\n");
    yaml.append("      base_url: \"").append(simulators.baseUrl(kind)).append("\"\n");
  }

  String model(Run run, int target) {
    return run.fault().model(target, run.route(), outage);
  }

  private Books books(int target) {
    return (target == 0 ? primary : fallback).books();
  }

  private static SimulatedProvider kind(Run run) {
    return run.dialect() == AskedDialect.MESSAGES
        ? SimulatedProvider.ANTHROPIC
        : SimulatedProvider.OPENAI;
  }

  URI proxy(String path) {
    return URI.create(url(proxy.address()) + path);
  }

  /// Where the dialect is answered without a proxy.
  URI direct(AskedDialect dialect) {
    SimulatedProvider kind =
        dialect == AskedDialect.MESSAGES ? SimulatedProvider.ANTHROPIC : SimulatedProvider.OPENAI;
    return primary.baseUrl(kind).resolve(dialect.path());
  }

  private static String url(InetSocketAddress address) {
    return "http://127.0.0.1:" + address.getPort();
  }

  /// What the providers saw of a run with that prompt.
  Judge.Seen seen(Run run, String prompt) {
    List<List<Long>> attempts =
        IntStream.range(0, run.fault().targets().size())
            .mapToObj(i -> times(books(i), model(run, i), prompt))
            .toList();
    int all = primary.books().attempts(prompt).size() + fallback.books().attempts(prompt).size();
    int known = attempts.stream().mapToInt(List::size).sum();
    List<Tokens> answered = new ArrayList<>();
    for (int i = 0; i < run.fault().targets().size(); i++) {
      ModelBook book = book(run, i);
      if (!attempts.get(i).isEmpty() && book.completed() > 0) {
        answered.add(each(book));
      }
    }
    return new Judge.Seen(attempts, all - known, answered);
  }

  /// What one answer of a model's billed: all were asked for with bodies of one length.
  private static Tokens each(ModelBook book) {
    Tokens all = book.tokens();
    long n = book.completed();
    return new Tokens(all.input() / n, 0, 0, all.output() / n, 0);
  }

  ModelBook book(Run run, int target) {
    return books(target).model(kind(run), model(run, target));
  }

  private static List<Long> times(Books books, String model, String prompt) {
    return books.attempts(prompt).stream()
        .filter(attempt -> attempt.model().equals(model))
        .map(Books.Attempt::nanoTime)
        .toList();
  }

  /// Tokens of input and output by the proxy's accounts.
  long[] accounted() throws IOException, InterruptedException {
    URI uri = URI.create(url(proxy.adminAddress()) + "/usage");
    String page =
        client
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    Object tokens = JsonTree.at(JsonTree.read(page), "totals", "tokens");
    return new long[] {JsonTree.number(tokens, "input"), JsonTree.number(tokens, "output")};
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    primary.close();
    fallback.close();
  }
}
