package io.llmproxy.proxy;

import io.llmproxy.proxy.cli.Cli;
import io.llmproxy.proxy.cli.Terminal;

/// The program `llmproxy`.
public final class Main {

  private Main() {}

  /// Runs the command that the arguments name, and exits with its status.
  public static void main(String[] args) {
    System.exit(Cli.run(Terminal.ofProcess(), args));
  }
}
