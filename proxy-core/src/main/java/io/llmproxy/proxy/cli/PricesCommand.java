package io.llmproxy.proxy.cli;

import io.llmproxy.provider.price.PriceFault;
import io.llmproxy.provider.price.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `prices`: shows the table of prices, and tells what is wrong with one.
@Command(
    name = "prices",
    description = {
      "Prints the table of prices that comes with the proxy, as JSON.",
      "A file of the same form, with the rows you want otherwise, goes before it: name it under"
          + " prices in the configuration."
    })
final class PricesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Validates a table instead; a problem is a line FILE:LINE:COLUMN: message.")
  private @Nullable Path checked;

  PricesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    int status = checked == null ? print() : check(checked);
    terminal.out().flush();
    return status;
  }

  private int print() {
    terminal.out().print(Prices.builtInJson());
    return ExitStatus.SUCCESS;
  }

  private int check(Path file) {
    Prices.Reading reading;
    try {
      reading = Prices.read(Files.readAllBytes(file));
    } catch (IOException e) {
      terminal.err().println("llmproxy: cannot read " + file + ": " + e.getMessage());
      return ExitStatus.CONFIGURATION;
    }
    for (PriceFault fault : reading.faults()) {
      terminal.out().println(file + ":" + fault);
    }
    if (!reading.faults().isEmpty()) {
      return ExitStatus.CONFIGURATION;
    }
    terminal.out().println(file + ": ok, " + reading.prices().rows().size() + " models");
    return ExitStatus.SUCCESS;
  }
}
