package io.llmproxy.bench.quick;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `bench quick`: CPU time and delay of the proxy beside nginx and HAProxy.
@Command(
    name = "quick",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Compares CPU time and delay with nginx and HAProxy, where these are installed.",
      "Proxies run on core 0, load and simulated provider on core 1."
    })
public final class QuickCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(names = "--rounds", description = "interleaved rounds")
  private int rounds = 5;

  @Option(names = "--seconds", description = "each window of a round")
  private double seconds = 1.5;

  @Option(names = "--streams", description = "paced streams in flight")
  private int streams = 200;

  @Option(names = "--rate", description = "events per second of each paced stream")
  private int rate = 50;

  @Option(names = "--arms", split = ",", description = "only these arms")
  private @Nullable List<String> arms;

  @Option(names = "--with-log", description = "our proxy logs each request, peers do not")
  private boolean log;

  @Option(names = "--json", paramLabel = "FILE", description = "write every cell to this file")
  private @Nullable Path json;

  @Option(
      names = "--flag",
      paramLabel = "FLAG",
      description = "a JVM flag of our proxy; may be repeated; replaces this JVM's own flags")
  private @Nullable List<String> flags;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (Runtime.getRuntime().availableProcessors() < 2 || CommandOutput.find("taskset").isEmpty()) {
      System.err.println("bench quick needs Linux with two cores and taskset (util-linux)");
      return 1;
    }
    QuickResult result = new QuickBench(options(), System.err).run();
    System.out.print(TextReport.of(result));
    if (json != null) {
      JsonReport.write(result, json);
    }
    return result.anyVoid() || !result.notRun().isEmpty() ? 1 : 0;
  }

  private QuickOptions options() {
    List<String> given = flags;
    try {
      return new QuickOptions(
          rounds,
          Duration.ofMillis(Math.round(seconds * 1_000)),
          streams,
          rate,
          chosen(),
          log,
          given == null ? OwnFlags.ofThisJvm() : given);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }

  /// All that are installed but the policed ones, or those that were named.
  private List<Arm> chosen() {
    List<String> names = arms;
    if (names == null) {
      return Arrays.stream(Arm.values())
          .filter(arm -> arm.ours() ? !arm.policed() : PlainProxies.installed(arm))
          .toList();
    }
    return names.stream().map(QuickCommand::arm).toList();
  }

  private static Arm arm(String name) {
    return Arrays.stream(Arm.values())
        .filter(arm -> arm.id().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "arm: "
                    + name
                    + " (expected: "
                    + String.join(", ", Arrays.stream(Arm.values()).map(Arm::id).toList())
                    + ")"));
  }
}
