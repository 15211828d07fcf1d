package io.llmproxy.bench.micro;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/// What JMH measured of one operation.
///
/// @param cpuNanos of the whole process
/// @param worstNanos the same in the worst of the iterations
/// @param wallNanos the time that passed, of which others may have had their part
/// @param allocatedBytes on the heap: by the measured thread where it says so itself, else by the
///   whole process
record Reading(double cpuNanos, double worstNanos, double wallNanos, double allocatedBytes) {

  static Reading of(RunResult result) {
    Result<?> cpu = secondary(result, CpuTime.LABEL);
    double allocated =
        result.getSecondaryResults().containsKey(OwnHeap.BYTES)
            ? score(result, OwnHeap.BYTES) / score(result, OwnHeap.OPERATIONS)
            : score(result, "gc.alloc.rate.norm");
    return new Reading(
        cpu.getScore(),
        cpu.getStatistics().getMax(),
        result.getPrimaryResult().getScore(),
        allocated);
  }

  private static double score(RunResult result, String label) {
    return secondary(result, label).getScore();
  }

  private static Result<?> secondary(RunResult result, String label) {
    Result<?> found = result.getSecondaryResults().get(label);
    if (found == null) {
      throw new IllegalStateException("JMH did not say " + label);
    }
    return found;
  }
}
