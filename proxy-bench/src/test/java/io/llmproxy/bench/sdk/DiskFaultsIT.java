package io.llmproxy.bench.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `serve` where the disk is full for its log, and where it may not have its ledger.
@Timeout(120)
final class DiskFaultsIT {

  private static final int REQUESTS = 200;
  private static final Pattern DROPPED =
      Pattern.compile("llmproxy_log_lines_dropped_total ([0-9.E+]+)\n");

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private Simulators simulators;

  @BeforeEach
  void start() throws IOException {
    simulators = Simulators.start(SimulatorSettings.DEFAULT);
  }

  @AfterEach
  void stop() {
    client.close();
    simulators.close();
  }

  private Path configuration(Path ledger, String log) throws IOException {
    return Files.writeString(
        directory.resolve("llmproxy.yaml"),
        """
        llmproxy:
          listen_addr: "127.0.0.1:0"
          admin: {listen_addr: "127.0.0.1:0"}
          ledger: {dir: "%s"}
          logging: {%s}
          providers:
            openai: {api_key: k, base_url: "%s"}
        """
            .formatted(ledger, log, simulators.baseUrl(SimulatedProvider.OPENAI)));
  }

  private String get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void aFullDiskForTheLogChangesNothingForCallersAndIsCounted() throws Exception {
    Path ledger = directory.resolve("ledger");
    try (Child child = Child.serve(configuration(ledger, "file: /dev/full"))) {
      List<URI> ports = child.ready();
      URI data = ports.getFirst();
      URI admin = ports.getLast();
      for (int i = 0; i < REQUESTS; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(data.resolve("/v1/chat/completions"))
                .POST(BodyPublishers.ofString(Bodies.chat("openai/gpt-6", true)))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
      }
      double dropped = 0;
      while (dropped < REQUESTS) {
        Matcher matcher = DROPPED.matcher(get(admin.resolve("/metrics")));
        assertThat(matcher.find()).isTrue();
        dropped = Double.parseDouble(matcher.group(1));
      }
      assertThat(dropped).isEqualTo(REQUESTS);
      child.terminate();
      assertThat(child.status()).isZero();
    }
  }

  private void assertRefused(Path ledger, String why) throws Exception {
    try (Child child = Child.serve(configuration(ledger, "requests: none"))) {
      assertThat(child.status()).isEqualTo(78);
      assertThat(child.out()).isEmpty();
      assertThat(child.err())
          .filteredOn(line -> line.startsWith("llmproxy: "))
          .singleElement()
          .asString()
          .contains(ledger.toString())
          .contains(why);
    }
  }

  @Test
  void aSecondProcessOnTheSameLedgerIsRefused() throws Exception {
    Path ledger = directory.resolve("ledger");
    try (Child first = Child.serve(configuration(ledger, "requests: none"))) {
      first.ready();
      assertRefused(ledger, "another process writes to this ledger");
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    assertRefused(Path.of("/proc/llmproxy"), "");
  }

  @Test
  void aLedgerThatWasDamagedIsLeftAsItIs() throws Exception {
    Path ledger = Files.createDirectory(directory.resolve("ledger"));
    Path file = Files.writeString(ledger.resolve("ledger.db"), "no ledger ".repeat(1_000));
    assertRefused(ledger, "");
    assertThat(Files.readString(file)).isEqualTo("no ledger ".repeat(1_000));
  }
}
