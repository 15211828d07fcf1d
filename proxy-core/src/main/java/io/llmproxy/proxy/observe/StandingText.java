package io.llmproxy.proxy.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;

/// A [Standing] in Prometheus' text format, and in JSON.
final class StandingText {

  private static final double NANOS = 1e9;

  private StandingText() {}

  static void add(Standing standing, MetricSnapshots.Builder page) {
    page.metricSnapshot(denials(standing));
    if (!standing.budgets().isEmpty()) {
      addBudgets(standing, page);
    }
    Standing.Ledger ledger = standing.ledger();
    if (ledger != null) {
      addLedger(ledger, page);
    }
    if (standing.connected() != null) {
      page.metricSnapshot(
          gauge(
              "llmproxy_cluster_connected",
              "Whether the Redis that budgets are shared through answers.",
              standing.connected() ? 1 : 0));
    }
  }

  private static CounterSnapshot denials(Standing standing) {
    var counter =
        CounterSnapshot.builder()
            .name("llmproxy_denied_attempts")
            .help("Attempts that a limit, a budget or the ledger did not let in.");
    for (Standing.Denied denied : standing.denials()) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .value((double) denied.count())
              .labels(Labels.of("reason", denied.reason()))
              .build());
    }
    return counter.build();
  }

  private static void addBudgets(Standing standing, MetricSnapshots.Builder page) {
    var limits =
        GaugeSnapshot.builder()
            .name("llmproxy_budget_limit_usd")
            .help("What may be spent in the period, in US dollars.");
    var committed =
        GaugeSnapshot.builder()
            .name("llmproxy_budget_committed_usd")
            .help("What is spent and held in the period under way, by this proxy.");
    for (Standing.Budget budget : standing.budgets()) {
      Labels labels = Labels.of("owner", budget.owner(), "period", budget.period());
      limits.dataPoint(point(budget.limit() / NANOS, labels));
      committed.dataPoint(point(budget.committed() / NANOS, labels));
    }
    page.metricSnapshot(limits.build()).metricSnapshot(committed.build());
  }

  private static void addLedger(Standing.Ledger ledger, MetricSnapshots.Builder page) {
    page.metricSnapshot(
            gauge(
                "llmproxy_ledger_good",
                "Whether all that is spent is on disk within a moment.",
                ledger.good() ? 1 : 0))
        .metricSnapshot(
            gauge(
                "llmproxy_ledger_queued_records",
                "Records that wait for the disk.",
                (double) ledger.queued()))
        .metricSnapshot(
            gauge(
                "llmproxy_ledger_open_reservations",
                "Reservations on disk that have not ended.",
                (double) ledger.open()))
        .metricSnapshot(
            CounterSnapshot.builder()
                .name("llmproxy_ledger_records")
                .help("Records on disk, since the start.")
                .dataPoint(
                    CounterDataPointSnapshot.builder().value((double) ledger.written()).build())
                .build())
        .metricSnapshot(
            SummarySnapshot.builder()
                .name("llmproxy_ledger_commit_seconds")
                .help("What a commit to disk takes, since the start.")
                .dataPoint(
                    SummaryDataPointSnapshot.builder()
                        .count(ledger.commits())
                        .sum(ledger.commitNanos() / NANOS)
                        .build())
                .build());
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(value, Labels.EMPTY))
        .build();
  }

  private static GaugeDataPointSnapshot point(double value, Labels labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
  }

  /// Its fields, into the object under way.
  static void write(Standing standing, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("denied_attempts");
    for (Standing.Denied denied : standing.denials()) {
      json.writeNumberField(denied.reason(), denied.count());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("budgets");
    for (Standing.Budget budget : standing.budgets()) {
      json.writeStartObject();
      json.writeStringField("owner", budget.owner());
      json.writeStringField("period", budget.period());
      json.writeStringField("limit_usd", JsonText.usd(budget.limit()));
      json.writeStringField("committed_usd", JsonText.usd(budget.committed()));
      json.writeEndObject();
    }
    json.writeEndArray();
    Standing.Ledger ledger = standing.ledger();
    if (ledger != null) {
      json.writeObjectFieldStart("ledger");
      json.writeBooleanField("good", ledger.good());
      json.writeNumberField("records", ledger.written());
      json.writeNumberField("queued_records", ledger.queued());
      json.writeNumberField("open_reservations", ledger.open());
      json.writeNumberField("commits", ledger.commits());
      json.writeNumberField("commit_seconds", ledger.commitNanos() / NANOS);
      json.writeEndObject();
    }
    if (standing.connected() != null) {
      json.writeBooleanField("cluster_connected", standing.connected());
    }
  }
}
