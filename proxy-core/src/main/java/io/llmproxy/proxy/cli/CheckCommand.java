package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.Problem;
import io.llmproxy.proxy.config.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `check`: tells what is wrong with a configuration.
@Command(
    name = "check",
    description = {
      "Validates a configuration.",
      "Every problem is a line FILE:LINE:COLUMN: message on standard output; warnings go to"
          + " standard error. No secret is shown."
    })
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConfigurationOption configuration = new ConfigurationOption();

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return switch (configuration.load(terminal, null)) {
      case LoadResult.Loaded(Settings settings) -> {
        ConfigurationOption.showWarnings(settings, terminal.err());
        terminal.out().println(configuration.file() + ": ok");
        terminal.out().flush();
        yield ExitStatus.SUCCESS;
      }
      case LoadResult.Refused(List<Problem> problems) -> {
        problems.forEach(terminal.out()::println);
        terminal.out().flush();
        yield ExitStatus.CONFIGURATION;
      }
    };
  }
}
