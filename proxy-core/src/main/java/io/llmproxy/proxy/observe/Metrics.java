package io.llmproxy.proxy.observe;

import io.llmproxy.proxy.observe.Reading.Latency;
import io.llmproxy.proxy.observe.Reading.Tokens;
import io.llmproxy.proxy.observe.Reading.Totals;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The proxy's counters and latency histograms: each event loop writes its own [LoopMetrics], and
/// they are summed when somebody reads. Reading takes a lock and some milliseconds: never on an
/// event loop that carries exchanges.
public final class Metrics {

  /// What [#prometheusText()] is, for a `content-type` field.
  public static final String PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99, 0.999);

  private record HistoryKey(int provider, Timings.Span span) {}

  private final LabelNames providers;
  private final LabelNames models;
  private final Callers callers = new Callers();
  private final List<LoopMetrics> loops;
  private final LongSupplier droppedLogLines;
  private final Supplier<Standing> standing;
  private final long startedNanos = System.nanoTime();
  private final ReentrantLock scrape = new ReentrantLock();

  /// All durations since the start; guarded by `scrape`.
  private final Map<HistoryKey, Histogram> history = new HashMap<>();

  /// Labels take only the given names; every other name counts as `other`.
  public Metrics(Collection<String> providers, Collection<String> models, int loops) {
    this(providers, models, loops, () -> 0, () -> Standing.NONE);
  }

  /// As above; `droppedLogLines` says how many lines the log has lost, see [Logging#dropped()],
  /// `standing` what limits and budgets are at.
  public Metrics(
      Collection<String> providers,
      Collection<String> models,
      int loops,
      LongSupplier droppedLogLines,
      Supplier<Standing> standing) {
    this.providers = new LabelNames(providers);
    this.models = new LabelNames(models);
    this.droppedLogLines = droppedLogLines;
    this.standing = standing;
    this.loops =
        Stream.generate(() -> new LoopMetrics(this.providers, this.models, callers))
            .limit(loops)
            .toList();
  }

  /// The counters of one event loop, to be used by that loop's thread alone.
  public LoopMetrics loop(int index) {
    return loops.get(index);
  }

  /// Everything in Prometheus' text format.
  public byte[] prometheusText() {
    return PrometheusText.of(read());
  }

  /// Everything as one JSON object.
  public byte[] json() {
    return MetricsJson.all(read());
  }

  /// Usage and cost as one JSON object: in total, by provider, by model, by key.
  public byte[] usageJson() {
    return MetricsJson.usage(read());
  }

  Reading read() {
    scrape.lock();
    try {
      return new Reading(
          targets(),
          callers(),
          latencies(),
          loops.stream().mapToLong(LoopMetrics::inFlight).sum(),
          droppedLogLines.getAsLong(),
          standing.get(),
          host());
    } finally {
      scrape.unlock();
    }
  }

  private List<Reading.Target> targets() {
    var targets = new ArrayList<Reading.Target>();
    for (int provider = 0; provider < providers.size(); provider++) {
      for (int model = 0; model < models.size(); model++) {
        Tally sum = target(provider, model);
        if (sum != null) {
          targets.add(new Reading.Target(providers.name(provider), models.name(model), sum));
        }
      }
    }
    return targets;
  }

  private @Nullable Tally target(int provider, int model) {
    Tally sum = null;
    for (LoopMetrics loop : loops) {
      Tally part = loop.target(provider, model);
      if (part != null) {
        sum = sum == null ? new Tally(part.slots()) : sum;
        sum.addAll(part);
      }
    }
    return sum;
  }

  private List<Reading.Caller> callers() {
    var found = new ArrayList<Reading.Caller>();
    List<String> names = callers.names();
    for (int row = 0; row < names.size(); row++) {
      addCaller(names.get(row), row, found);
    }
    addCaller(LabelNames.OTHER, Callers.OTHER, found);
    return found;
  }

  private void addCaller(String name, int row, List<Reading.Caller> found) {
    Totals totals = Totals.ZERO;
    for (LoopMetrics loop : loops) {
      Tally part = loop.caller(row);
      totals = part == null ? totals : totals.plus(callerTotals(part));
    }
    if (totals.requests() > 0) {
      found.add(new Reading.Caller(name, totals));
    }
  }

  private static Totals callerTotals(Tally row) {
    return new Totals(
        row.get(LoopMetrics.CALLER_REQUESTS),
        row.get(LoopMetrics.CALLER_COST_NANO_USD),
        row.get(LoopMetrics.CALLER_UNPRICED),
        new Tokens(
            row.get(LoopMetrics.CALLER_TOKENS + TokenKind.INPUT.slot()),
            row.get(LoopMetrics.CALLER_TOKENS + TokenKind.CACHED_INPUT.slot()),
            row.get(LoopMetrics.CALLER_TOKENS + TokenKind.CACHE_WRITE.slot()),
            row.get(LoopMetrics.CALLER_TOKENS + TokenKind.OUTPUT.slot()),
            row.get(LoopMetrics.CALLER_TOKENS + TokenKind.REASONING.slot())));
  }

  private List<Latency> latencies() {
    var found = new ArrayList<Latency>();
    for (int provider = 0; provider < providers.size(); provider++) {
      for (Timings.Span span : Timings.SPANS) {
        addLatency(provider, span, found);
      }
    }
    return found;
  }

  private void addLatency(int provider, Timings.Span span, List<Latency> found) {
    long sumNanos = 0;
    for (LoopMetrics loop : loops) {
      Timings part = loop.timings(provider);
      if (part != null) {
        sumNanos += part.sumNanos(span);
        part.drainInto(
            span,
            history.computeIfAbsent(new HistoryKey(provider, span), _ -> Timings.emptyHistogram()));
      }
    }
    Histogram all = history.get(new HistoryKey(provider, span));
    if (all != null && all.getTotalCount() > 0) {
      List<Long> quantiles =
          QUANTILES.stream().map(q -> all.getValueAtPercentile(q * 100)).toList();
      found.add(
          new Latency(providers.name(provider), span, all.getTotalCount(), sumNanos, quantiles));
    }
  }

  private Reading.Host host() {
    Runtime jvm = Runtime.getRuntime();
    String version = Metrics.class.getPackage().getImplementationVersion();
    return new Reading.Host(
        (System.nanoTime() - startedNanos) / 1e9,
        jvm.totalMemory() - jvm.freeMemory(),
        PlatformDependent.usedDirectMemory(),
        version == null ? "unknown" : version);
  }
}
