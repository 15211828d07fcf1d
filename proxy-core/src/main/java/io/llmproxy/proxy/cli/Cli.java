package io.llmproxy.proxy.cli;

import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line: finds the command, runs it, and turns its end into an exit status.
public final class Cli {

  private Cli() {}

  /// Runs to the command's end and gives its exit status.
  public static int run(Terminal terminal, String... args) {
    CommandLine root = new CommandLine(new RootCommand());
    root.addSubcommand(new ServeCommand(terminal));
    root.addSubcommand(new CheckCommand(terminal));
    root.addSubcommand(new ModelsCommand(terminal));
    root.addSubcommand(new PricesCommand(terminal));
    root.addSubcommand(ledger(terminal));
    root.addSubcommand(new KeysCommand(terminal));
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      root.addSubcommand(provider.command());
    }
    root.setOut(terminal.out());
    root.setErr(terminal.err());
    root.setParameterExceptionHandler((e, _) -> wrongUsage(e));
    root.setExecutionExceptionHandler((e, command, _) -> failed(e, command));
    return root.execute(args);
  }

  private static CommandLine ledger(Terminal terminal) {
    return new CommandLine(new LedgerCommand())
        .addSubcommand(new LedgerVerifyCommand(terminal))
        .addSubcommand(new LedgerReportCommand(terminal));
  }

  private static int wrongUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("llmproxy: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitStatus.USAGE;
  }

  /// Only what nobody foresaw comes here, so the whole trace is shown.
  private static int failed(Exception e, CommandLine command) {
    e.printStackTrace(command.getErr());
    command.getErr().flush();
    return ExitStatus.FAILURE;
  }
}
