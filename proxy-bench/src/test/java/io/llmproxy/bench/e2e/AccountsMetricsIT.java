package io.llmproxy.bench.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.bench.cluster.RedisProcess;
import io.llmproxy.bench.e2e.Caller.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What metrics tell of limits, budgets, the ledger and the cluster.
@Timeout(60)
final class AccountsMetricsIT {

  private static final String PRICED =
      """
          dear:
            type: openai
            api_key: k
            base_url: "OPENAI_URL"
            cost_budget: {daily_limit: 0.25}
            models: [{name: "sim-events=1000,bytes=4", alias: "dime", price: {input: 0, output: 100}}]
      """;

  private static final Ask DIME =
      Ask.post(
          Ask.CHAT,
          "{\"model\":\"dime\",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

  @TempDir Path directory;

  private static String metrics(ProxyBed bed, String accept)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + bed.proxy().adminAddress().getPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri).header("accept", accept).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static boolean tells(ProxyBed bed, String line) {
    try {
      return metrics(bed, "text/plain").contains(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProxyBed bed(String more) throws IOException {
    String root = "  ledger: {dir: \"%s\"}\n".formatted(directory.resolve("ledger")) + more;
    return new ProxyBed(ProxyBed.Plan.of(Wire.H1).withOthers(PRICED).withRoot(root));
  }

  @Test
  void budgetsLedgerAndRefusalsAreCounted() throws Exception {
    try (ProxyBed bed = bed("  rate_limits: {requests_per_minute: 4}\n")) {
      assertThat(bed.ask(Wire.H1, DIME).status()).isEqualTo(200);
      assertThat(bed.ask(Wire.H1, DIME).status()).isEqualTo(200);
      assertThat(bed.ask(Wire.H1, DIME).header("x-llmproxy-max-tokens")).isEqualTo("500");
      assertThat(bed.ask(Wire.H1, DIME).status()).as("over budget").isEqualTo(429);
      assertThat(bed.ask(Wire.H1, Ask.of("openai/gpt-6", false)).status()).isEqualTo(200);
      assertThat(bed.ask(Wire.H1, DIME).status()).as("over the limit").isEqualTo(429);
      bed.assertAtRest();
      String text = metrics(bed, "text/plain");
      assertThat(text)
          .contains("llmproxy_denied_attempts_total{reason=\"budget\"} 1.0\n")
          .contains("llmproxy_denied_attempts_total{reason=\"requests_per_minute\"} 1.0\n")
          .contains("llmproxy_denied_attempts_total{reason=\"ledger\"} 0.0\n")
          .contains("llmproxy_budget_limit_usd{owner=\"provider dear\",period=\"day\"} 0.25\n")
          .contains("llmproxy_budget_committed_usd{owner=\"provider dear\",period=\"day\"} 0.")
          .contains("llmproxy_ledger_good 1.0\n")
          .contains("llmproxy_ledger_queued_records 0.0\n")
          .contains("llmproxy_ledger_open_reservations 0.0\n")
          .contains("llmproxy_ledger_records_total 8.0\n")
          .containsPattern("llmproxy_ledger_commit_seconds_count [1-9]")
          .doesNotContain("llmproxy_cluster_connected");
      assertThat(metrics(bed, "application/json"))
          .contains("\"requests_per_minute\":1", "\"open_reservations\":0", "\"limit_usd\":\"0.25");
    }
  }

  @Test
  void aClusterThatIsAwayShows() throws Exception {
    try (RedisProcess redis = RedisProcess.start(directory);
        ProxyBed bed =
            bed(
                "  cluster: {redis: \"redis://127.0.0.1:%d\", node: n}\n"
                    .formatted(redis.port()))) {
      Patience.until("connected", () -> tells(bed, "llmproxy_cluster_connected 1.0"));
      redis.kill();
      Patience.until("not connected", () -> tells(bed, "llmproxy_cluster_connected 0.0"));
    }
  }
}
