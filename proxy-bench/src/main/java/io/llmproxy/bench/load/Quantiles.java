package io.llmproxy.bench.load;

import org.HdrHistogram.Histogram;

/// The shape of many durations, in nanoseconds; all 0 where there were none.
public record Quantiles(long count, long p50, long p90, long p99, long p999, long max) {

  static Quantiles of(Histogram durations) {
    if (durations.getTotalCount() == 0) {
      return new Quantiles(0, 0, 0, 0, 0, 0);
    }
    return new Quantiles(
        durations.getTotalCount(),
        durations.getValueAtPercentile(50),
        durations.getValueAtPercentile(90),
        durations.getValueAtPercentile(99),
        durations.getValueAtPercentile(99.9),
        durations.getMaxValue());
  }
}
