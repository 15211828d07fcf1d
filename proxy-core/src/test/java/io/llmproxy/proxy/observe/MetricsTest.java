package io.llmproxy.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmproxy.provider.price.ReportedCost.Agreement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class MetricsTest {

  private final Metrics metrics =
      new Metrics(
          List.of("openai", "anthropic"),
          List.of("gpt-5", "claude"),
          2,
          () -> 17,
          () -> Standing.NONE);

  @Test
  void keepsItsSeriesFewUnderTenThousandModelNames() {
    var random = new Random(7);
    end(0, Reports.plain());
    int before = lines();
    for (int i = 0; i < 10_000; i++) {
      String name = "m" + random.nextLong() + "\"}\n";
      end(0, Reports.plain().target(name, "openai", name).by("alice"));
    }
    // One more of each family: the model `other`.
    assertThat(lines()).isLessThanOrEqualTo(before + 10);
    assertThat(text()).contains("model=\"other\"").doesNotContain("model=\"m");
  }

  @Test
  void namesNoProviderThatIsNotConfigured() {
    end(0, Reports.plain().target("x", "sk-live-secret", "y"));
    assertThat(text()).doesNotContain("sk-live-secret").contains("provider=\"other\"");
  }

  @Test
  void givesAThousandCallersARowAndTheRestOneTogether() throws IOException {
    for (int i = 0; i < 1_500; i++) {
      end(i % 2, Reports.plain().by("caller" + i));
    }
    JsonNode rows = usage().get("by_key");
    assertThat(rows).hasSize(1_001);
    assertThat(row(rows, "caller999").get("requests").asLong()).isEqualTo(1);
    assertThat(row(rows, "other").get("requests").asLong()).isEqualTo(500);
  }

  @Test
  void givesNoRowToWhoShowedNoKey() throws IOException {
    end(0, Reports.plain().by("203.0.113.9").status(401));
    assertThat(usage().get("by_key").get(0).get("name").asText()).isEqualTo("other");
  }

  @Test
  void acceptsAProviderAndAModelNamedLikeItsOwnLabels() {
    var odd = new Metrics(List.of("other", "none", "other"), List.of("none", "none"), 1);
    odd.loop(0).onExchangeEnd(Reports.plain().report());
    odd.loop(0).onExchangeEnd(Reports.plain().target("none", "other", "none").report());
    PrometheusLines.check(new String(odd.prometheusText(), StandardCharsets.UTF_8));
  }

  @Test
  void addsTheLoopsUp() {
    end(0, Reports.plain());
    end(1, Reports.plain());
    end(1, Reports.plain().by("bob"));
    assertThat(text())
        .contains(
            "llmproxy_requests_total{model=\"gpt-5\",operation=\"chat_completions\","
                + "outcome=\"completed\",provider=\"openai\",status_class=\"2xx\"} 3.0\n")
        .contains(
            "llmproxy_tokens_total{kind=\"output\",model=\"gpt-5\","
                + "provider=\"openai\",source=\"reported\"} 150.0\n")
        .contains("llmproxy_cost_usd_total{model=\"gpt-5\",provider=\"openai\"} 0.003703701\n");
  }

  @Test
  void reportsUsageAsTheContractSays() throws IOException {
    end(0, Reports.plain());
    end(1, Reports.plain().target("claude", "anthropic", "claude").by("bob"));
    JsonNode usage = usage();
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"requests":1,"unpriced_requests":0,"cost_usd":"0.001234567","tokens":\
                {"input":103,"cached_input":20,"cache_write":7,"output":50,"reasoning":9}}\
                """);
    assertThat(without(row(usage.get("by_provider"), "anthropic"))).isEqualTo(expected);
    assertThat(without(row(usage.get("by_model"), "gpt-5"))).isEqualTo(expected);
    assertThat(without(row(usage.get("by_key"), "bob"))).isEqualTo(expected);
    assertThat(usage.get("totals").get("cost_usd").asText()).isEqualTo("0.002469134");
    assertThat(usage.get("totals").get("tokens").get("input").asLong()).isEqualTo(206);
  }

  @Test
  void reportsNothingAsZeros() throws IOException {
    assertThat(new String(metrics.usageJson(), StandardCharsets.US_ASCII))
        .startsWith("{\"totals\":{\"requests\":0,")
        .contains("\"cost_usd\":\"0.000000000\"")
        .endsWith("\"by_provider\":[],\"by_model\":[],\"by_key\":[]}");
  }

  @Test
  void countsTheCostsThatAProviderTellsOtherwise() {
    metrics.loop(0).onExchangeEnd(Reports.plain().report(Agreement.DIFFERS));
    metrics.loop(1).onExchangeEnd(Reports.plain().report(Agreement.AGREES));
    assertThat(text())
        .contains("llmproxy_cost_disagreements_total{model=\"gpt-5\",provider=\"openai\"} 1.0\n");
  }

  @Test
  void countsAnUnknownCostAndNeverAddsIt() throws IOException {
    end(0, Reports.plain().used(Reports.USAGE, -1));
    end(0, Reports.plain());
    assertThat(text())
        .contains("llmproxy_unpriced_requests_total{model=\"gpt-5\",provider=\"openai\"} 1.0\n")
        .contains("llmproxy_cost_usd_total{model=\"gpt-5\",provider=\"openai\"} 0.001234567\n");
    assertThat(usage().get("totals").get("unpriced_requests").asLong()).isEqualTo(1);
  }

  @Test
  void countsARefusedRequestAsFree() throws IOException {
    end(0, Reports.plain().target("nope", null, null).status(404).used(null, -1));
    assertThat(usage().get("totals").get("unpriced_requests").asLong()).isZero();
    assertThat(text()).contains("provider=\"none\",status_class=\"4xx\"} 1.0\n");
  }

  @Test
  void showsWhatIsUnderWay() {
    metrics.loop(0).onExchangeStart();
    metrics.loop(1).onExchangeStart();
    metrics.loop(1).onExchangeStart();
    metrics.loop(1).onExchangeEnd(Reports.plain().report());
    assertThat(text()).contains("\nllmproxy_requests_in_flight 2.0\n");
  }

  @Test
  void givesQuantilesWithinTheirResolution() {
    var random = new Random(3);
    long[] nanos =
        random
            .doubles(20_000, Math.log(20_000), Math.log(3e10))
            .mapToLong(x -> (long) Math.exp(x))
            .toArray();
    for (int i = 0; i < nanos.length; i++) {
      end(i % 2, Reports.plain().took(nanos[i]));
      if (i % 5_000 == 0) {
        metrics.prometheusText();
      }
    }
    Arrays.sort(nanos);
    for (double quantile : Metrics.QUANTILES) {
      double exact = nanos[(int) Math.ceil(quantile * nanos.length) - 1] / 1e9;
      double shown =
          value(
              "llmproxy_request_duration_seconds{provider=\"openai\",quantile=\""
                  + quantile
                  + "\"}");
      assertThat(shown).isBetween(exact * 0.99 - 1e-6, exact * 1.01 + 1e-6);
    }
    double sum = Arrays.stream(nanos).asDoubleStream().sum() / 1e9;
    assertThat(value("llmproxy_request_duration_seconds_sum{provider=\"openai\"}"))
        .isBetween(sum * 0.999999, sum * 1.000001);
    assertThat(value("llmproxy_request_duration_seconds_count{provider=\"openai\"}"))
        .isEqualTo(20_000);
  }

  @Test
  void takesDurationsBeyondAnyRange() {
    end(0, Reports.plain().took(Long.MAX_VALUE));
    end(0, Reports.plain().took(-1));
    end(0, Reports.plain().took(0));
    assertThat(value("llmproxy_request_duration_seconds_count{provider=\"openai\"}")).isEqualTo(2);
  }

  @Test
  void writesTextThatParsesLineByLine() {
    end(0, Reports.plain());
    end(1, Reports.plain().used(null, -1).status(0));
    PrometheusLines.check(text());
    assertThat(PrometheusLines.names(text()))
        .contains(
            "llmproxy_requests_total",
            "llmproxy_tokens_total",
            "llmproxy_cost_usd_total",
            "llmproxy_requests_in_flight",
            "llmproxy_time_to_first_token_seconds",
            "llmproxy_request_duration_seconds",
            "llmproxy_overhead_seconds",
            "llmproxy_unpriced_requests_total",
            "llmproxy_log_lines_dropped_total",
            "llmproxy_direct_memory_used_bytes",
            "llmproxy_heap_used_bytes",
            "llmproxy_uptime_seconds",
            "llmproxy_build_info");
    assertThat(value("llmproxy_log_lines_dropped_total")).isEqualTo(17);
  }

  @Test
  void saysTheSameInJson() throws IOException {
    end(0, Reports.plain());
    JsonNode json = new ObjectMapper().readTree(metrics.json());
    assertThat(json.get("requests").get(0).get("count").asLong()).isEqualTo(1);
    assertThat(json.get("tokens")).hasSize(5);
    assertThat(json.get("latency")).hasSize(3);
    assertThat(json.get("usage")).isEqualTo(usage());
  }

  @Test
  @Timeout(60)
  void losesNothingWhileItIsRead() throws Exception {
    int each = 50_000;
    var done = new CountDownLatch(2);
    for (int loop = 0; loop < 2; loop++) {
      LoopMetrics own = metrics.loop(loop);
      Thread.ofPlatform()
          .start(() -> {
            ExchangeReport report = Reports.plain().report();
            for (int i = 0; i < each; i++) {
              own.onExchangeStart();
              own.onExchangeEnd(report);
            }
            done.countDown();
          });
    }
    long last = 0;
    while (!done.await(1, TimeUnit.MILLISECONDS)) {
      long now = metrics.read().totals().requests();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    assertThat(metrics.read().totals().requests()).isEqualTo(2L * each);
    assertThat(value("llmproxy_overhead_seconds_count{provider=\"openai\"}")).isEqualTo(2.0 * each);
    assertThat(metrics.read().inFlight()).isZero();
  }

  private void end(int loop, Reports report) {
    metrics.loop(loop).onExchangeEnd(report.report());
  }

  private String text() {
    return new String(metrics.prometheusText(), StandardCharsets.UTF_8);
  }

  private int lines() {
    return (int) text().lines().count();
  }

  private double value(String series) {
    return text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series));
  }

  private JsonNode usage() throws IOException {
    return new ObjectMapper().readTree(metrics.usageJson());
  }

  private static JsonNode row(JsonNode rows, String name) {
    for (JsonNode row : rows) {
      if (row.get("name").asText().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no row " + name + " in " + rows);
  }

  private static JsonNode without(JsonNode row) {
    return ((ObjectNode) row.deepCopy()).without("name");
  }
}
