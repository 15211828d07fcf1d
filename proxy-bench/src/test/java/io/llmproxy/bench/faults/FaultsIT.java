package io.llmproxy.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The scorecard in short, of all rows.
@Timeout(180)
final class FaultsIT {

  private static final int RUNS = 2;
  private static final int OUTAGE_SECONDS = 3;

  @Test
  void whateverAProviderDoesCallersAndBooksSeeWhatIsExpected() throws Exception {
    try (FaultsRun run = new FaultsRun(new FaultsRun.Plan(FaultCase.all(), RUNS, OUTAGE_SECONDS));
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      String failures =
          run.run(nowhere).stream()
              .filter(cell -> !cell.isGood())
              .map(cell -> cell.fault().id() + " " + cell.dialect() + ": " + cell.failure())
              .collect(Collectors.joining("\n"));
      assertThat(failures).isEmpty();
    }
  }
}
