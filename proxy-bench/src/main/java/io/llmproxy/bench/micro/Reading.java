package io.llmproxy.bench.micro;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What JMH measured of one operation.
///
/// @param nanos mean of the iterations
/// @param errorNanos half the width of its 99.9 % confidence interval; not a number where there was
///   one iteration
/// @param allocatedBytes on the heap
record Reading(double nanos, double errorNanos, double allocatedBytes) {

  static Reading of(RunResult result) {
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    if (allocated == null) {
      throw new IllegalStateException("JMH did not say what was allocated");
    }
    Result<?> primary = result.getPrimaryResult();
    return new Reading(primary.getScore(), primary.getScoreError(), allocated.getScore());
  }

  /// Of an operation on `bytes`, in millions of bytes a second.
  double megabytesPerSecond(int bytes) {
    return bytes * 1e3 / nanos;
  }
}
