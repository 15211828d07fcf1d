package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.cli.Cli;
import io.llmproxy.proxy.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/// `ledger verify` of a directory, as a user runs it.
public final class LedgerCheck {

  private LedgerCheck() {}

  /// Fails where the command does not exit with 0, or does not say that all is well.
  public static void assertGood(Path ledger) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Cli.run(
            new Terminal(new PrintWriter(out), new PrintWriter(err), Map.of()),
            "ledger",
            "verify",
            ledger.toString());
    assertThat(status).as(err.toString() + out).isZero();
    assertThat(out.toString()).contains("ok");
  }
}
