package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.ledger.Books;
import io.llmproxy.proxy.ledger.LedgerException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `ledger verify`: reads every record and recomputes every sum.
@Command(
    name = "verify",
    description = {
      "Reads every record of a ledger and recomputes its checksums, balances and sums.",
      "Whatever does not fit is a line on standard output, and the exit status is 1."
    })
final class LedgerVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "DIR", description = "The directory of the ledger.")
  private Path dir = Path.of(".");

  LedgerVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Books books = Books.open(dir)) {
      return tell(books.verify());
    } catch (LedgerException e) {
      terminal.err().println("llmproxy: " + e.getMessage());
      terminal.err().flush();
      return ExitStatus.FAILURE;
    }
  }

  private int tell(Books.Verdict verdict) {
    boolean fits = verdict.mismatches().isEmpty();
    for (String mismatch : verdict.mismatches()) {
      terminal.out().println(dir + ": " + mismatch);
    }
    if (fits) {
      terminal
          .out()
          .printf(
              "%s: ok, %d records, %d reservations (%d open, %d charged after a crash), cost_usd %s%n",
              dir,
              verdict.records(),
              verdict.reservations(),
              verdict.open(),
              verdict.expired(),
              LedgerReport.usd(verdict.costNanoUsd()));
    }
    terminal.out().flush();
    return fits ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
  }
}
