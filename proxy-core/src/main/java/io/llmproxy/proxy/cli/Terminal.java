package io.llmproxy.proxy.cli;

import java.io.PrintWriter;
import java.util.Map;

/// What a command talks to: data goes to `out`, messages to `err`.
public record Terminal(PrintWriter out, PrintWriter err, Map<String, String> environment) {

  /// The streams and the environment of this process.
  public static Terminal ofProcess() {
    return new Terminal(
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()),
        System.getenv());
  }

  /// Does not print the environment: it holds keys.
  @Override
  public String toString() {
    return "Terminal";
  }
}
