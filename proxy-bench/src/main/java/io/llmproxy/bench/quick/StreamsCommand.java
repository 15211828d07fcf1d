package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `bench streams`: many paced streams at once through one proxy, none of which may stall.
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Holds many paced streams open through one proxy; exits 1 on an error or a stall.",
      "HTTP/2 on both sides unless told otherwise."
    })
public final class StreamsCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(names = "--streams", description = "streams in flight")
  private int streams = 5_000;

  @Option(names = "--rate", description = "events per second of each stream")
  private int rate = 20;

  @Option(names = "--seconds", description = "how long all of them are in flight")
  private int seconds = 30;

  @Option(names = "--ramp", description = "seconds in which they are opened")
  private int ramp = 10;

  @Option(names = "--http1", description = "HTTP/1.1 on both sides, a connection per stream")
  private boolean http1;

  @Option(names = "--stall-ms", description = "a longer silence within a stream is a failure")
  private int stallMillis = 2_000;

  @Option(
      names = "--flag",
      paramLabel = "FLAG",
      description = "a JVM flag of the proxy; may be repeated; replaces this JVM's own flags")
  private @Nullable List<String> flags;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StreamsResult result = new StreamsBench(options(), System.err).run();
    System.out.print(StreamsReport.of(result));
    return result.flaws().isEmpty() ? 0 : 1;
  }

  private StreamsOptions options() {
    List<String> given = flags;
    try {
      return new StreamsOptions(
          streams,
          rate,
          Duration.ofSeconds(ramp),
          Duration.ofSeconds(seconds),
          http1 ? Protocol.HTTP_1_1 : Protocol.H2C,
          Duration.ofMillis(stallMillis),
          given == null ? OwnFlags.ofThisJvm() : given);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
    }
  }
}
