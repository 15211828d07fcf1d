package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.auth.ClientKey;
import io.llmproxy.proxy.config.KeyNames;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `keys`: client keys.
@Command(name = "keys", description = "Makes client keys.", synopsisSubcommandLabel = "COMMAND")
final class KeysCommand implements Callable<Integer> {
  private final Terminal terminal;

  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  KeysCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command? There is: keys new NAME");
  }

  @Command(
      name = "new",
      description = {
        "Makes a client key and prints it, this once, and the entry for the configuration, which"
            + " holds only its hash.",
        "The key goes to whoever is to use the proxy, the entry under keys in the configuration."
      })
  int make(
      @Parameters(paramLabel = "NAME", description = "What logs and reports call its holder.")
          String name) {
    if (!KeyNames.isName(name)) {
      throw new ParameterException(
          spec.commandLine().getSubcommands().get("new"), "NAME: expected: " + KeyNames.EXPECTED);
    }
    ClientKey key = ClientKey.make(new SecureRandom());
    terminal.err().println("The key, shown this once:");
    terminal.err().flush();
    terminal.out().println(key.reveal());
    terminal.out().flush();
    terminal.err().println("Its entry under keys in the configuration:");
    terminal.err().flush();
    terminal.out().println("- name: \"" + name + "\"");
    terminal.out().println("  hash: \"" + key.hash() + "\"");
    terminal.out().flush();
    return ExitStatus.SUCCESS;
  }
}
