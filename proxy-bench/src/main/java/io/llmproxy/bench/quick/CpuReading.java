package io.llmproxy.bench.quick;

import java.util.Map;

/// The CPU time a process tree had used at one instant.
///
/// @param threadNanos by thread id, from the scheduler, to the nanosecond
/// @param tickNanos of the processes with their ended threads, in steps of a tick
/// @param waitNanos what the living threads together have waited for a core
record CpuReading(Map<Long, Long> threadNanos, long tickNanos, long waitNanos) {

  /// Three ticks: two processes' rounding, and what the scheduler has not yet booked.
  private static final long ROUNDING_NANOS = 3 * ProcText.TICK_NANOS;

  CpuReading {
    threadNanos = Map.copyOf(threadNanos);
  }

  /// CPU time from this reading to a later one. The scheduler's figures are exact but forget a
  /// thread when it ends; where ticks say that happened, ticks are taken.
  long nanosUntil(CpuReading later) {
    long nanos = 0;
    for (Map.Entry<Long, Long> thread : later.threadNanos().entrySet()) {
      nanos += thread.getValue() - threadNanos.getOrDefault(thread.getKey(), 0L);
    }
    long ticks = later.tickNanos() - tickNanos;
    return ticks - nanos > ROUNDING_NANOS ? ticks : nanos;
  }

  /// How long threads waited for a core from this reading to a later one, summed: delay that is the
  /// machine's, not the program's.
  long waitNanosUntil(CpuReading later) {
    return Math.max(0, later.waitNanos() - waitNanos);
  }
}
