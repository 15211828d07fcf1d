package io.llmproxy.bench.quick;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What several rounds say together.
final class Statistics {

  private Statistics() {}

  /// The middle of some figures, and how far they spread.
  record Spread(int count, double median, double min, double max) {}

  /// Two arms' figures of one round.
  record Pair(double ours, double peer) {
    double ratio() {
      return ours / peer;
    }
  }

  static Spread spread(List<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("figures: none (expected: at least one)");
    }
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted.length, median, sorted[0], sorted[sorted.length - 1]);
  }

  /// The spread of the ratios within each round: what drifts over time falls out, as it would not
  /// from the ratio of two medians.
  static Spread pairedRatio(Stream<Pair> rounds) {
    return spread(rounds.map(Pair::ratio).toList());
  }
}
