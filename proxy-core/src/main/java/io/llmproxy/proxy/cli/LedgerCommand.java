package io.llmproxy.proxy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ledger`: it only names what can be done with one.
@Command(
    name = "ledger",
    description = "Looks at what was spent, also beside a proxy that runs.",
    synopsisSubcommandLabel = "COMMAND")
final class LedgerCommand implements Callable<Integer> {
  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "verify or report?");
  }
}
