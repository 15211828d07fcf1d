package io.llmproxy.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `serve` on real sockets of loopback.
@Timeout(60)
final class ServeCommandIT {
  @TempDir Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void writeConfiguration() throws IOException {
    file =
        Files.writeString(
            directory.resolve("c.yaml"),
            """
            llmproxy:
              listen_addr: "127.0.0.1:0"
              event_loops: 1
              admin: {listen_addr: "127.0.0.1:0"}
              logging: {requests: none}
              shutdown: {drain: 1s}
              providers: {glm: {api_key: k}}
            """);
  }

  @Test
  void endsWith78AndTheProblemsWhereTheConfigurationIsWrong() throws IOException {
    Files.writeString(file, "llmproxy:\n  nonsense: 1\n");
    CliRun run = CliRun.of(Map.of(), "serve", "--config", file.toString());
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(file + ":2:3: unknown key \"nonsense\"");
  }

  @Test
  void endsWith2WhereTheAddressIsNone() {
    CliRun run = CliRun.of(Map.of(), "serve", "--listen", "8080");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--listen", "expected: HOST:PORT, [IPV6]:PORT or :PORT");
  }

  @Test
  void endsWith78WhereTheAddressWouldOpenTheProxyToOthers() {
    CliRun run = CliRun.of(Map.of(), "serve", "--config", file.toString(), "--listen", "0.0.0.0:0");
    assertThat(run.status()).isEqualTo(78);
    assertThat(run.err()).contains("--listen: no client keys");
  }

  @Test
  void endsWith1AndOneLineWhereThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      CliRun run = CliRun.of(Map.of(), "serve", "--config", file.toString(), "--listen", address);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines().filter(line -> !line.startsWith("warning: ")))
          .singleElement()
          .asString()
          .startsWith("llmproxy: cannot listen on " + address);
    }
  }

  @Test
  void printsWhereItAnswersAndDrainsWhenTold() throws Exception {
    try (PipedReader pipe = new PipedReader();
        BufferedReader out = new BufferedReader(pipe);
        PipedWriter sink = new PipedWriter(pipe)) {
      StringWriter err = new StringWriter();
      Terminal terminal = new Terminal(new PrintWriter(sink), new PrintWriter(err), Map.of());
      FutureTask<Integer> command =
          new FutureTask<>(() -> Cli.run(terminal, "serve", "--config", file.toString()));
      Thread thread = Thread.ofPlatform().start(command);
      String ready = out.readLine();
      assertThat(ready)
          .matches("llmproxy ready http://127\\.0\\.0\\.1:\\d+ admin http://127\\.0\\.0\\.1:\\d+");
      String[] words = ready.split(" ", -1);
      assertThat(status(words[2] + "/health")).isEqualTo(200);
      assertThat(status(words[4] + "/livez")).isEqualTo(200);
      thread.interrupt();
      assertThat(command.get(30, TimeUnit.SECONDS)).isZero();
      assertThat(err.toString())
          .contains("warning: listen_addr", "llmproxy: draining, at most 1 s");
    }
  }

  private static int status(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
