package io.llmproxy.proxy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the reading of one file brings to light: problems, which refuse it, and warnings, which do
/// not.
final class Findings {
  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  Findings(String file) {
    this.file = file;
  }

  void problem(Place at, String message) {
    problems.add(new Problem(file, at.line(), at.column(), Shown.oneLine(message)));
  }

  /// The same warning is kept once.
  void warn(String message) {
    warnings.add(Shown.oneLine(message));
  }

  boolean hasProblems() {
    return !problems.isEmpty();
  }

  List<Problem> problems() {
    return problems.stream()
        .distinct()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
