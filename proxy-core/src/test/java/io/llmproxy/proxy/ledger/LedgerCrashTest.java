package io.llmproxy.proxy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it writes, again and again.
final class LedgerCrashTest {

  @TempDir private Path dir;

  @Test
  void tenKillsLoseNothingThatWasToldToBeOnDisk() throws Exception {
    kill(10);
  }

  @Test
  @Tag("long")
  void aHundredKillsLoseNothingThatWasToldToBeOnDisk() throws Exception {
    kill(100);
  }

  private void kill(int times) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> told = new ArrayList<>();
    for (int run = 0; run < times; run++) {
      told.addAll(runAndKill("run" + run, 150 + random.nextInt(250)));
    }
    assertThat(told).hasSizeGreaterThan(times * 20);
    Ledger.open(Scene.strict(dir), 1).close();
    Books.Verdict verdict = Scene.verdict(dir);
    assertThat(verdict.mismatches()).isEmpty();
    assertThat(verdict.open()).isZero();
    assertThat(verdict.expired()).isGreaterThan(times);
    Map<String, Integer> settled = settled();
    assertThat(told).allSatisfy(name -> assertThat(settled).containsEntry(name, 1));
  }

  private List<String> runAndKill(String prefix, int millis)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingProxy.class.getName(),
                dir.toString(),
                prefix)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> told = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      // How long the ledger took to recover; the rest of a start is the JVM's own.
      String[] ready = lines.readLine().split(" ", 2);
      assertThat(ready[0]).isEqualTo("READY");
      assertThat(Long.parseLong(ready[1])).isLessThan(3_000);
      Thread.sleep(millis);
      // By its handle: the process itself would close the stream that is still to be read.
      process.toHandle().destroyForcibly();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("DURABLE run")) {
          told.add(line.substring("DURABLE ".length()));
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    // The last line may be cut off in the middle of a name.
    if (!told.isEmpty()) {
      told.removeLast();
    }
    return told;
  }

  private Map<String, Integer> settled() throws Exception {
    Map<String, Integer> settled = new HashMap<>();
    try (Connection connection = Database.readable(dir);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT request_id, cost FROM record WHERE kind = 2")) {
      while (row.next()) {
        assertThat(row.getLong(2)).isEqualTo(500);
        settled.merge(row.getString(1), 1, Integer::sum);
      }
    }
    return settled;
  }
}
