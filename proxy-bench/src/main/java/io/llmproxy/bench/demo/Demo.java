package io.llmproxy.bench.demo;

import io.llmproxy.bench.simulator.Scripts;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import io.llmproxy.provider.price.Price;
import io.llmproxy.provider.price.Prices;
import io.llmproxy.proxy.Proxy;
import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.Problem;
import io.llmproxy.proxy.config.ProviderSettings;
import io.llmproxy.proxy.config.ProviderSettings.Http2;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Simulated providers, a proxy before them, and the chats that go through.
final class Demo implements AutoCloseable {

  private static final int WARM_UP_CHATS = 40;

  private static final List<DemoChat> CHATS =
      List.of(
          new DemoChat("anthropic", "claude-sonnet-5-5", false),
          new DemoChat("openai", "gpt-6.1-terra", false),
          new DemoChat("glm", "glm-5.3", false),
          new DemoChat("groq", "openai/gpt-oss-120b", false),
          new DemoChat("grok", "grok-4.7", false),
          new DemoChat("anthropic", "claude-sonnet-5-5", true),
          new DemoChat("openai", "gpt-6.1-terra", true));

  /// How each model answers: words at the pace people read them.
  private static final String SCRIPT = "words,events=22,rate=30,ttft=150ms";

  private static final Prices PRICES = Prices.builtIn();

  private static final String[] HEADINGS = {
    "provider", "asked as", "model", "first token", "in", "out", "cost", "overhead"
  };

  private final Simulators simulators;
  private final Settings settings;
  private final Proxy proxy;
  private final HttpClient client = HttpClient.newHttpClient();

  private Demo(Simulators simulators) throws IOException {
    this.simulators = simulators;
    settings = settings(simulators);
    proxy = Proxy.start(settings);
  }

  static Demo start() throws IOException {
    Map<String, String> scripts =
        CHATS.stream()
            .map(DemoChat::model)
            .distinct()
            .collect(Collectors.toMap(model -> model, _ -> SCRIPT));
    Simulators simulators =
        Simulators.start(SimulatorSettings.DEFAULT.withScripts(Scripts.of(scripts)));
    try {
      return new Demo(simulators);
    } catch (IOException e) {
      simulators.close();
      throw e;
    }
  }

  /// The configuration of the demo, with where the simulators are as its environment.
  private static Settings settings(Simulators simulators) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (SimulatedProvider provider : SimulatedProvider.values()) {
      environment.put("SIMULATED_" + provider, simulators.baseUrl(provider).toString());
    }
    Path file = Files.createTempFile("llmproxy-demo", ".yaml");
    try (InputStream yaml = Demo.class.getResourceAsStream("demo.yaml")) {
      if (yaml == null) {
        throw new IllegalStateException("demo.yaml is missing");
      }
      Files.write(file, yaml.readAllBytes());
      return switch (SettingsLoader.load(file, environment)) {
        case LoadResult.Loaded(Settings loaded) -> loaded;
        case LoadResult.Refused(List<Problem> problems) ->
            throw new IOException("the demo's configuration: " + problems);
      };
    } finally {
      Files.delete(file);
    }
  }

  private URI url() {
    return url(proxy.address());
  }

  private static URI url(InetSocketAddress address) {
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /// Runs all chats; false if one failed.
  boolean run(PrintWriter out, PrintWriter err) throws InterruptedException {
    out.println("llmproxy demo: simulated providers on loopback, the proxy at " + url());
    warmUp();
    boolean allAnswered = true;
    StringBuilder rows = new StringBuilder();
    for (DemoChat chat : CHATS) {
      boolean http2 = provider(chat).http2() == Http2.PRIOR_KNOWLEDGE;
      String hop = http2 ? "HTTP/2" : "HTTP/1.1";
      out.printf("%n%s %s (POST %s", chat.provider(), chat.model(), chat.path());
      out.printf(", on to the provider by %s)%n  ", hop);
      DemoChat.Result result = chat.ask(client, url(), price(chat), out);
      if (result.failure() == null) {
        rows.append(row(chat, result));
      } else {
        allAnswered = false;
        err.printf("%s failed: %s%n", chat.provider(), result.failure());
        err.flush();
      }
    }
    out.println();
    out.printf("%-10s %-17s %-20s %12s %6s %6s %13s %12s%n", (Object[]) HEADINGS);
    out.print(rows);
    out.println("(after " + WARM_UP_CHATS + " chats to warm up; overhead: until the reply's head)");
    out.flush();
    return allAnswered;
  }

  /// A JVM that has just started runs everything slowly the first times.
  private void warmUp() throws InterruptedException {
    try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      for (int i = 0; i < WARM_UP_CHATS; i++) {
        DemoChat chat = CHATS.get(i % CHATS.size());
        String model = chat.provider() + "/sim-events=5";
        DemoChat quick = new DemoChat(chat.provider(), model, chat.anthropic());
        quick.ask(client, url(), null, nowhere);
      }
    }
  }

  private static String row(DemoChat chat, DemoChat.Result result) {
    BigDecimal cost = result.costUsd();
    return "%-10s %-17s %-20s %9.1f ms %6d %6d %13s %9d µs%n"
        .formatted(
            chat.provider(),
            chat.path().substring("/v1/".length()),
            chat.model(),
            result.firstTokenMicros() / 1_000.0,
            result.input(),
            result.output(),
            cost == null ? "unknown" : "$" + cost.setScale(9, RoundingMode.HALF_UP).toPlainString(),
            result.overheadMicros());
  }

  private ProviderSettings provider(DemoChat chat) {
    return settings.providers().stream()
        .filter(provider -> provider.name().equals(chat.provider()))
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Price price(DemoChat chat) {
    return PRICES.find(chat.provider(), chat.model());
  }

  void printHowToTry(PrintWriter out) {
    out.printf("%nTry it:%n");
    out.println(
        "  curl -N " + url() + "/v1/chat/completions -H 'content-type: application/json' \\");
    out.println("    -d '" + CHATS.get(1).body() + "'");
    out.println("Any model as openai/sim-events=50,rate=20 is a script: see simulate --help");
    out.println("Admin: " + url(proxy.adminAddress()) + "/");
    out.println("Ctrl-C ends it.");
    out.flush();
  }

  @Override
  public void close() {
    client.close();
    proxy.close();
    simulators.close();
  }
}
