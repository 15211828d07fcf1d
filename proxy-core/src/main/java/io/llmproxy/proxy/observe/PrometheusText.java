package io.llmproxy.proxy.observe;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// A [Reading] in Prometheus' text format.
final class PrometheusText {

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;

  private static final List<TargetCounter> BY_TARGET =
      List.of(
          new TargetCounter(
              TargetSlots.COST_NANO_USD,
              NANOS,
              "llmproxy_cost_usd",
              "Known cost in US dollars; see llmproxy_unpriced_requests for the unknown."),
          new TargetCounter(
              TargetSlots.UNPRICED,
              1,
              "llmproxy_unpriced_requests",
              "Requests whose cost is unknown, and so in no sum."),
          new TargetCounter(
              TargetSlots.COST_DIFFERS,
              1,
              "llmproxy_cost_disagreements",
              "Requests whose provider tells another cost than the table of prices."),
          new TargetCounter(
              TargetSlots.DROPPED_FIELDS,
              1,
              "llmproxy_dropped_fields",
              "Fields of requests that a provider was not sent, for it would not take them."));

  private PrometheusText() {}

  static byte[] of(Reading reading) {
    var page =
        MetricSnapshots.builder()
            .metricSnapshot(requests(reading))
            .metricSnapshot(tokens(reading))
            .metricSnapshot(
                gauge(
                    "llmproxy_requests_in_flight",
                    "Requests under way.",
                    (double) reading.inFlight()));
    for (TargetCounter counter : BY_TARGET) {
      page.metricSnapshot(counter.of(reading));
    }
    for (Timings.Span span : Timings.SPANS) {
      page.metricSnapshot(summary(span, reading.latencies()));
    }
    StandingText.add(reading.standing(), page);
    addProcess(reading, page);
    var bytes = new ByteArrayOutputStream(16 * 1024);
    try {
      PrometheusTextFormatWriter.create()
          .write(bytes, page.build(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static CounterSnapshot requests(Reading reading) {
    var counter =
        CounterSnapshot.builder().name("llmproxy_requests").help("Requests that have ended.");
    for (Reading.Target target : reading.targets()) {
      for (TargetSlots.RequestSlot slot : TargetSlots.REQUESTS) {
        long count = target.counts().get(slot.slot());
        if (count > 0) {
          counter.dataPoint(
              point(
                  (double) count,
                  Labels.of(
                      "provider", target.provider(),
                      "model", target.model(),
                      "operation", slot.operation(),
                      "status_class", slot.statusClass(),
                      "outcome", slot.outcome())));
        }
      }
    }
    return counter.build();
  }

  private static CounterSnapshot tokens(Reading reading) {
    var counter =
        CounterSnapshot.builder()
            .name("llmproxy_tokens")
            .help("Tokens by kind; output includes reasoning, input is what no cache held.");
    for (Reading.Target target : reading.targets()) {
      for (TargetSlots.TokenSlot slot : TargetSlots.TOKENS) {
        long count = target.counts().get(slot.slot());
        if (count > 0) {
          counter.dataPoint(
              point(
                  (double) count,
                  Labels.of(
                      "provider", target.provider(),
                      "model", target.model(),
                      "kind", slot.kind().label(),
                      "source", slot.source())));
        }
      }
    }
    return counter.build();
  }

  private static Labels labels(Reading.Target target) {
    return Labels.of("provider", target.provider(), "model", target.model());
  }

  private static SummarySnapshot summary(Timings.Span span, List<Reading.Latency> latencies) {
    var summary = SummarySnapshot.builder().name(name(span)).help(help(span));
    for (Reading.Latency latency : latencies) {
      if (latency.span() == span) {
        summary.dataPoint(
            SummaryDataPointSnapshot.builder()
                .count(latency.count())
                .sum(latency.sumNanos() / NANOS)
                .quantiles(quantiles(latency))
                .labels(Labels.of("provider", latency.provider()))
                .build());
      }
    }
    return summary.build();
  }

  private static Quantiles quantiles(Reading.Latency latency) {
    var quantiles = Quantiles.builder();
    for (int i = 0; i < Metrics.QUANTILES.size(); i++) {
      quantiles.quantile(Metrics.QUANTILES.get(i), latency.quantileMicros().get(i) / MICROS);
    }
    return quantiles.build();
  }

  private static String name(Timings.Span span) {
    return switch (span) {
      case FIRST_TOKEN -> "llmproxy_time_to_first_token_seconds";
      case TOTAL -> "llmproxy_request_duration_seconds";
      case OVERHEAD -> "llmproxy_overhead_seconds";
    };
  }

  private static String help(Timings.Span span) {
    return switch (span) {
      case FIRST_TOKEN -> "From a request's head to its first content byte, since the start.";
      case TOTAL -> "From a request's head to the end of its reply, since the start.";
      case OVERHEAD -> "The proxy's own time until it sent the reply's head, since the start.";
    };
  }

  private static void addProcess(Reading reading, MetricSnapshots.Builder page) {
    Reading.Host host = reading.host();
    page.metricSnapshot(
            CounterSnapshot.builder()
                .name("llmproxy_log_lines_dropped")
                .help("Log lines lost because the log was full or could not be written.")
                .dataPoint(point((double) reading.droppedLogLines(), Labels.EMPTY))
                .build())
        .metricSnapshot(
            gauge("llmproxy_heap_used_bytes", "Heap in use.", (double) host.heapBytes()))
        .metricSnapshot(
            gauge(
                "llmproxy_uptime_seconds",
                "Seconds since the proxy started.",
                host.uptimeSeconds()))
        .metricSnapshot(
            InfoSnapshot.builder()
                .name("llmproxy_build")
                .help("What is running.")
                .dataPoint(
                    InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", host.version()))
                        .build())
                .build());
    if (host.directBytes() >= 0) {
      page.metricSnapshot(
          gauge(
              "llmproxy_direct_memory_used_bytes",
              "Direct memory held by Netty.",
              (double) host.directBytes()));
    }
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static CounterDataPointSnapshot point(double value, Labels labels) {
    return CounterDataPointSnapshot.builder().value(value).labels(labels).build();
  }

  /// A counter with one point for each target.
  ///
  /// @param slot where a target counts it
  /// @param unit what is counted there for one of what is told
  private record TargetCounter(int slot, double unit, String name, String help) {

    CounterSnapshot of(Reading reading) {
      CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
      for (Reading.Target target : reading.targets()) {
        counter.dataPoint(point(target.counts().get(slot) / unit, labels(target)));
      }
      return counter.build();
    }
  }
}
