package io.llmproxy.bench.faults;

import io.llmproxy.proxy.cli.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `bench faults`: the scorecard of faults.
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description = {
      "Lets simulated providers fail in sixteen ways, through each dialect, and judges what callers"
          + " and providers saw of it.",
      "Exits 1 where anything was not as expected."
    })
public final class FaultsCommand implements Callable<Integer> {

  private static final int RUNS = 20;
  private static final int SHORT_RUNS = 2;
  private static final int FAILOVERS = 500;
  private static final int SHORT_FAILOVERS = 100;
  private static final int OUTAGE_SECONDS = 60;
  private static final int SHORT_OUTAGE_SECONDS = 3;

  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--short", description = "2 runs of each, and an outage of 3 s instead of 60 s.")
  private boolean isShort;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs of each, streamed and where it makes sense whole (default: 20).")
  private int runs;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only faults of that number (8, 12b), or with that in their name.")
  private @Nullable List<String> only;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every cell to this file.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    List<FaultCase> faults = FaultCase.all().stream().filter(this::isWanted).toList();
    if (faults.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--only: no such fault");
    }
    int each = runs > 0 ? runs : isShort ? SHORT_RUNS : RUNS;
    int outage = isShort ? SHORT_OUTAGE_SECONDS : OUTAGE_SECONDS;
    PrintWriter out = spec.commandLine().getOut();
    try (FaultsRun run = new FaultsRun(new FaultsRun.Plan(faults, each, outage))) {
      FaultsReport report = new FaultsReport(run.run(out));
      report.print(out);
      if (only == null) {
        failovers(out);
      }
      if (json != null) {
        try (Writer file = Files.newBufferedWriter(json)) {
          report.writeJson(file);
        }
      }
      return report.isGood() ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("llmproxy: " + e.getMessage());
      err.flush();
      return ExitStatus.FAILURE;
    }
  }

  /// Times are told and not judged: they are this machine's, too.
  private void failovers(PrintWriter out) throws IOException {
    try (FailoverTimes times = new FailoverTimes(isShort ? SHORT_FAILOVERS : FAILOVERS)) {
      for (FailoverTimes.Figure figure : times.measure()) {
        out.println(figure);
      }
      out.flush();
    }
  }

  private boolean isWanted(FaultCase fault) {
    return only == null
        || only.stream()
            .anyMatch(word ->
                fault.id().equals(word)
                    || fault.id().matches(word + "[a-z]")
                    || (word.length() > 3 && fault.name().contains(word)));
  }
}
