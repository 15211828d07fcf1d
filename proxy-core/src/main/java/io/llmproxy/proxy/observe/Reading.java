package io.llmproxy.proxy.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// All counters at one moment, summed over the event loops.
///
/// @param callers `other` is the last
/// @param droppedLogLines lines of the log lost because it was full or could not be written
record Reading(
    List<Target> targets,
    List<Caller> callers,
    List<Latency> latencies,
    long inFlight,
    long droppedLogLines,
    Standing standing,
    Host host) {

  /// A provider's model and its counters, by [TargetSlots].
  record Target(String provider, String model, Tally counts) {

    Totals totals() {
      long requests = 0;
      for (TargetSlots.RequestSlot slot : TargetSlots.REQUESTS) {
        requests += counts.get(slot.slot());
      }
      return new Totals(
          requests,
          counts.get(TargetSlots.COST_NANO_USD),
          counts.get(TargetSlots.UNPRICED),
          new Tokens(
              tokens(TokenKind.INPUT),
              tokens(TokenKind.CACHED_INPUT),
              tokens(TokenKind.CACHE_WRITE),
              tokens(TokenKind.OUTPUT),
              tokens(TokenKind.REASONING)));
    }

    private long tokens(TokenKind kind) {
      long sum = 0;
      for (TargetSlots.TokenSlot slot : TargetSlots.TOKENS) {
        sum += slot.kind() == kind ? counts.get(slot.slot()) : 0;
      }
      return sum;
    }
  }

  /// A caller and what it used.
  record Caller(String name, Totals totals) {}

  /// A provider's durations of one kind. Quantiles in microseconds, in the order of
  /// [Metrics#QUANTILES].
  record Latency(
      String provider, Timings.Span span, long count, long sumNanos, List<Long> quantileMicros) {}

  /// What the proxy runs in. `directBytes` is −1 where unknown.
  record Host(double uptimeSeconds, long heapBytes, long directBytes, String version) {}

  /// Token counts, one for each [TokenKind].
  record Tokens(long input, long cachedInput, long cacheWrite, long output, long reasoning) {

    Tokens plus(Tokens more) {
      return new Tokens(
          input + more.input,
          cachedInput + more.cachedInput,
          cacheWrite + more.cacheWrite,
          output + more.output,
          reasoning + more.reasoning);
    }
  }

  /// What requests used and cost. `unpriced` of them have an unknown cost, which is in no sum.
  record Totals(long requests, long costNanoUsd, long unpriced, Tokens tokens) {

    static final Totals ZERO = new Totals(0, 0, 0, new Tokens(0, 0, 0, 0, 0));

    Totals plus(Totals more) {
      return new Totals(
          requests + more.requests,
          costNanoUsd + more.costNanoUsd,
          unpriced + more.unpriced,
          tokens.plus(more.tokens));
    }
  }

  /// A named row of the usage report.
  record UsageRow(String name, Totals totals) {}

  Totals totals() {
    return targets.stream().map(Target::totals).reduce(Totals.ZERO, Totals::plus);
  }

  List<UsageRow> byProvider() {
    return grouped(Target::provider);
  }

  List<UsageRow> byModel() {
    return grouped(Target::model);
  }

  List<UsageRow> byKey() {
    return callers.stream().map(caller -> new UsageRow(caller.name(), caller.totals())).toList();
  }

  private List<UsageRow> grouped(Function<Target, String> name) {
    Map<String, Totals> groups = new LinkedHashMap<>();
    for (Target target : targets) {
      groups.merge(name.apply(target), target.totals(), Totals::plus);
    }
    var rows = new ArrayList<UsageRow>();
    groups.forEach((key, totals) -> rows.add(new UsageRow(key, totals)));
    return List.copyOf(rows);
  }
}
