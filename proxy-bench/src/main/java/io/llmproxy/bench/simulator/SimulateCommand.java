package io.llmproxy.bench.simulator;

import io.llmproxy.bench.UntilTold;
import io.llmproxy.proxy.cli.ExitStatus;
import io.llmproxy.proxy.config.AddressSyntax;
import io.llmproxy.proxy.config.Settings.Address;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `simulate`: the simulated providers alone, until the process is told to end.
@Command(
    name = "simulate",
    description = {
      "Runs simulated Anthropic, OpenAI, GLM, Groq and Grok on one port.",
      "Once they can answer it prints their base URLs to standard output, a line each. Bare paths"
          + " work too: /v1/messages is Anthropic, /api/paas/v4 GLM, other /v1 OpenAI.",
      "GET /books tells what each model was asked and how its answers ended."
    })
final class SimulateCommand implements Callable<Integer> {

  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--listen",
      paramLabel = "ADDR",
      defaultValue = "127.0.0.1:9090",
      description = "HOST:PORT or :PORT (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
  private String listen = "";

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "YAML: model names, each with a script as after sim-.")
  private @Nullable Path script;

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many event loops (default: ${DEFAULT-VALUE}).")
  private int loops = 1;

  @Option(
      names = "--lenient",
      description = "Take any body that names a model, also one the real provider would refuse.")
  private boolean lenient;

  @Option(
      names = "--glm-key",
      paramLabel = "ID.SECRET",
      description = "GLM's one key, to check the signatures of its tokens (default: any key).")
  private @Nullable String glmKey;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Streams a connection of HTTP/2 may have at once (default: ${DEFAULT-VALUE}).")
  private int streams = 20_000;

  @Option(
      names = "--goaways",
      paramLabel = "TIME",
      defaultValue = "0",
      description = "How long a connection of HTTP/2 takes new streams until GOAWAY (0: for ever).")
  private String goAways = "0";

  @Option(
      names = "--attempts",
      description = "Tell under GET /books how many requests came for each prompt, by its hash.")
  private boolean attempts;

  @Override
  public Integer call() {
    SimulatorSettings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    UntilTold untilTold = new UntilTold();
    try (Simulators simulators = Simulators.start(settings)) {
      for (SimulatedProvider provider : SimulatedProvider.values()) {
        out.println("simulated " + provider.key() + " " + simulators.baseUrl(provider));
      }
      out.println("simulate ready");
      out.flush();
      untilTold.await();
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("llmproxy: " + e.getMessage());
      err.flush();
      return ExitStatus.FAILURE;
    } finally {
      untilTold.closed();
    }
    return ExitStatus.SUCCESS;
  }

  private SimulatorSettings settings() {
    Address address = AddressSyntax.read(listen);
    if (address == null) {
      throw wrong("--listen: " + listen + " (expected: HOST:PORT or :PORT)");
    }
    if (loops < 1) {
      throw wrong("--loops: " + loops + " (expected: at least 1)");
    }
    SimulatorSettings settings =
        SimulatorSettings.DEFAULT
            .withCommonPort(address.host(), address.port())
            .withEventLoops(loops)
            .withScripts(scripts())
            .withHttp2(http2());
    settings = attempts ? settings.withAttempts() : settings;
    settings = lenient ? settings.withoutRefusals() : settings;
    return glmKey == null ? settings : settings.withGlmKey(key(glmKey));
  }

  private Connections http2() {
    if (streams < 0) {
      throw wrong("--streams: " + streams + " (expected: at least 0)");
    }
    try {
      return new Connections(streams, Duration.ofNanos(ScriptParser.nanos(goAways)));
    } catch (IllegalArgumentException e) {
      throw wrong("--goaways: " + goAways + " (expected: a time, such as 500ms)");
    }
  }

  private String key(String idAndSecret) {
    if (idAndSecret.split("\\.", -1).length != 2) {
      throw wrong("--glm-key: expected ID.SECRET");
    }
    return idAndSecret;
  }

  private Scripts scripts() {
    if (script == null) {
      return Scripts.NONE;
    }
    try {
      return Scripts.load(script);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong("--script: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
