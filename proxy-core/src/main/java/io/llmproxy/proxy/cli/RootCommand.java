package io.llmproxy.proxy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `llmproxy` itself: it only names the commands.
@Command(
    name = "llmproxy",
    description = "One endpoint in front of Anthropic, OpenAI, GLM, Groq and Grok.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:success",
      "1:failure while running",
      "2:wrong usage",
      "78:wrong configuration"
    })
final class RootCommand implements Callable<Integer> {
  /// Replaced by picocli with the specification in use.
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }
}
