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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A proxy that is killed in the middle of its work has every answer in its ledger that a caller
/// saw to its end, once.
@Timeout(1200)
final class KillsIT {

  private static final int KILLS = Boolean.getBoolean("long") ? 100 : 10;
  private static final int CALLERS = 20;

  /// Of each of them; two hundred a second in all.
  private static final Duration PERIOD = Duration.ofMillis(100);

  private static final Duration LIFE = Duration.ofMillis(500);

  /// The ids of answers that a caller has whole.
  private final Queue<String> whole = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;

  private Path configuration(Simulators simulators) throws IOException {
    return Files.writeString(
        directory.resolve("llmproxy.yaml"),
        """
        llmproxy:
          listen_addr: "127.0.0.1:0"
          admin: {listen_addr: "127.0.0.1:0"}
          ledger: {dir: "%s", durability: strict}
          logging: {requests: none}
          providers:
            openai:
              api_key: k
              base_url: "%s"
              models: [{name: "sim-events=9,rate=500", price: {input: 1, output: 10}}]
        """
            .formatted(directory.resolve("ledger"), simulators.baseUrl(SimulatedProvider.OPENAI)));
  }

  @Test
  void everyAnswerThatWasSeenToItsEndIsInTheLedgerOnce() throws Exception {
    try (Simulators simulators = Simulators.start(SimulatorSettings.DEFAULT)) {
      Path configuration = configuration(simulators);
      long slowest = 0;
      for (int i = 0; i < KILLS; i++) {
        slowest = Math.max(slowest, liveAndDie(configuration));
      }
      System.out.println(
          "kills: %d, %d answers whole, the slowest start %d ms"
              .formatted(KILLS, whole.size(), slowest));
      // The one that comes after the last charges what that left open.
      try (Child last = Child.serve(configuration)) {
        last.ready();
        last.terminate();
        assertThat(last.status()).isZero();
      }
      assertThat(whole.size()).isGreaterThan(KILLS * 10);
      Map<String, Integer> settled = settled();
      assertThat(whole).allSatisfy(id -> assertThat(settled.get(id)).as(id).isEqualTo(1));
      assertThat(settled.values()).as("nobody is charged twice").containsOnly(1);
      LedgerCheck.assertGood(directory.resolve("ledger"));
    }
  }

  /// Gives how long it took from the start to the first answer, in milliseconds.
  private long liveAndDie(Path configuration) throws Exception {
    long begun = System.nanoTime();
    try (Child child = Child.serve(configuration);
        HttpClient client = HttpClient.newHttpClient();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      URI data = child.ready().getFirst();
      AtomicBoolean dead = new AtomicBoolean();
      assertThat(ask(client, data, "first")).isTrue();
      long served = (System.nanoTime() - begun) / 1_000_000;
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        callers.submit(() -> call(client, data, caller, dead));
      }
      Thread.sleep(LIFE);
      child.kill();
      dead.set(true);
      return served;
    }
  }

  private Void call(HttpClient client, URI data, int caller, AtomicBoolean dead)
      throws InterruptedException {
    for (int i = 0; !dead.get(); i++) {
      if (!ask(client, data, caller + "-" + i)) {
        return null;
      }
      Thread.sleep(PERIOD);
    }
    return null;
  }

  /// Whether the answer came whole.
  private boolean ask(HttpClient client, URI data, String name) throws InterruptedException {
    String id = "kill-" + System.nanoTime() + "-" + name;
    HttpRequest request =
        HttpRequest.newBuilder(data.resolve("/v1/chat/completions"))
            .header("x-request-id", id)
            .header("content-type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"sim-events=9,rate=500\",\"stream\":true,\"messages\":"
                        + "[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      boolean ended = answer.body().endsWith("data: [DONE]\n\n");
      if (ended) {
        whole.add(id);
      }
      return ended;
    } catch (IOException _) {
      return false;
    }
  }

  /// How often each request was charged.
  private Map<String, Integer> settled() throws SQLException {
    Map<String, Integer> settled = new HashMap<>();
    String url = "jdbc:sqlite:" + directory.resolve("ledger").resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT request_id, count(*) FROM record WHERE kind IN (2, 4) GROUP BY 1")) {
      while (row.next()) {
        settled.put(row.getString(1), row.getInt(2));
      }
    }
    return settled;
  }
}
