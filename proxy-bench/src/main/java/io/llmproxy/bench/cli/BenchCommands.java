package io.llmproxy.bench.cli;

import io.llmproxy.bench.faults.FaultsCommand;
import io.llmproxy.bench.micro.MicroCommand;
import io.llmproxy.bench.quick.QuickCommand;
import io.llmproxy.bench.quick.StreamsCommand;
import io.llmproxy.proxy.cli.CommandProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Offers `bench` to the command line.
public final class BenchCommands implements CommandProvider {

  @Override
  public Object command() {
    return new Bench();
  }

  /// The word before `quick`, `streams`, `micro` and `faults`.
  @Command(
      name = "bench",
      mixinStandardHelpOptions = true,
      description =
          "Load tests of the proxy, alone and beside others, and of its single steps; faults.",
      subcommands = {
        QuickCommand.class,
        StreamsCommand.class,
        MicroCommand.class,
        FaultsCommand.class
      })
  static final class Bench implements Runnable {
    @SuppressWarnings("NullAway.Init") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
      throw new ParameterException(spec.commandLine(), "bench needs a subcommand");
    }
  }
}
