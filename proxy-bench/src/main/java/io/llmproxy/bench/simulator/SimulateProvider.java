package io.llmproxy.bench.simulator;

import io.llmproxy.proxy.cli.CommandProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// Adds `simulate` to the command line, with the grammar of scripts under its help.
public final class SimulateProvider implements CommandProvider {

  @Override
  public Object command() {
    CommandLine command = new CommandLine(new SimulateCommand());
    command
        .getCommandSpec()
        .usageMessage()
        .footerHeading("%nThe model name of a request is its script:%n%n")
        .footer(grammar().replace("%", "%%").split("\n", -1));
    return command;
  }

  static String grammar() {
    try (InputStream in = SimulateProvider.class.getResourceAsStream("grammar.txt")) {
      if (in == null) {
        throw new IllegalStateException("grammar.txt is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
