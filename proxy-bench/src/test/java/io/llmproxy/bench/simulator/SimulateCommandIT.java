package io.llmproxy.bench.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.cli.Cli;
import io.llmproxy.proxy.cli.ExitStatus;
import io.llmproxy.proxy.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class SimulateCommandIT {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), Map.of());
    return Cli.run(terminal, args);
  }

  @ParameterizedTest
  @CsvSource({"--listen,nowhere", "--listen,:x", "--loops,0", "--script,/no/such/file"})
  void refusesWrongUsage(String option, String value) {
    assertThat(run("simulate", option, value)).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void helpTellsTheGrammar() {
    assertThat(run("simulate", "--help")).isEqualTo(ExitStatus.SUCCESS);
    assertThat(out.toString()).contains("error_event=N", "retry_after=SECONDS");
  }

  @Test
  void helpAndPackageTellTheSameGrammar() throws Exception {
    String source = Files.readString(Path.of("src/main/java", docPath()));
    String doc =
        source.lines().map(l -> l.replaceFirst("^/// ?", "")).reduce("", (a, b) -> a + b + "\n");
    assertThat(doc).contains(SimulateProvider.grammar());
  }

  private static String docPath() {
    return SimulateProvider.class.getPackageName().replace('.', '/') + "/package-info.java";
  }

  @Test
  void servesAllFiveOnOnePortUntilItIsEnded(@TempDir Path dir) throws Exception {
    Path script = Files.writeString(dir.resolve("s.yaml"), "my-model: \"status=503\"\n");
    FutureTask<Integer> command =
        new FutureTask<>(
            () -> run("simulate", "--listen", "127.0.0.1:0", "--script", script.toString()));
    Thread thread = new Thread(command, "simulate");
    thread.start();
    while (!out.toString().contains("simulate ready")) {
      assertThat(command.isDone()).as(err.toString()).isFalse();
      Thread.sleep(20);
    }
    assertThat(status(baseUrl("groq"), "m")).isEqualTo(200);
    assertThat(status(baseUrl("glm"), "my-model")).isEqualTo(503);
    String origin = baseUrl("openai").replaceFirst("/openai/v1$", "");
    assertThat(status(origin + "/v1", "m")).isEqualTo(200);
    assertThat(status(origin + "/api/paas/v4", "m")).isEqualTo(200);
    assertThat(get(origin + "/books"))
        .contains("\"groq/m\":{\"requests\":1,\"completed\":1,\"cancelled\":0,\"faulted\":0")
        .contains("\"glm/my-model\":{\"requests\":1,\"completed\":0,\"cancelled\":0,\"faulted\":1");
    thread.interrupt();
    assertThat(command.get(20, TimeUnit.SECONDS)).isEqualTo(ExitStatus.SUCCESS);
  }

  private String baseUrl(String provider) {
    String start = "simulated " + provider + " ";
    return out.toString()
        .lines()
        .filter(l -> l.startsWith(start))
        .findFirst()
        .orElseThrow()
        .substring(start.length());
  }

  private static String get(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static int status(String baseUrl, String model) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions"))
              .header("authorization", "Bearer k")
              .POST(HttpRequest.BodyPublishers.ofString(Asker.body(model, true, "")))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }
}
