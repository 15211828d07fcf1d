package io.llmproxy.proxy.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/// One run of the command line with its streams caught.
record CliRun(int status, String out, String err) {

  static CliRun of(Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), environment);
    int status = Cli.run(terminal, args);
    return new CliRun(status, out.toString(), err.toString());
  }
}
