package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.config.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `models`: tells what clients may ask for.
@Command(
    name = "models",
    description = "Lists the names clients may ask for, where each goes, and its price.")
final class ModelsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConfigurationOption configuration = new ConfigurationOption();

  ModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Settings settings = configuration.settings(terminal, null);
    if (settings == null) {
      return ExitStatus.CONFIGURATION;
    }
    ModelTable.of(settings).lines().forEach(terminal.out()::println);
    terminal.out().flush();
    return ExitStatus.SUCCESS;
  }
}
