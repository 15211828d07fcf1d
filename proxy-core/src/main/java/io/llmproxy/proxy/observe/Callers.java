package io.llmproxy.proxy.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The callers that have a row of their own in the usage report, in the order in which they were
/// first seen, over all event loops. No more than [#MOST]; those who come later share `other`.
final class Callers {

  static final int MOST = 1_000;

  /// The row of everyone without one of their own.
  static final int OTHER = MOST;

  private final Map<String, Integer> rows = new ConcurrentHashMap<>();
  private final List<String> names = new ArrayList<>();
  private volatile boolean full;

  /// Any thread. Takes a lock only where a caller is seen for the first time.
  int rowOf(String name) {
    Integer row = rows.get(name);
    if (row != null) {
      return row;
    }
    return full || name.equals(LabelNames.OTHER) ? OTHER : admit(name);
  }

  private synchronized int admit(String name) {
    Integer row = rows.get(name);
    if (row != null) {
      return row;
    }
    if (full) {
      return OTHER;
    }
    names.add(name);
    rows.put(name, names.size() - 1);
    full = names.size() == MOST;
    return names.size() - 1;
  }

  /// The names so far, each at its row.
  synchronized List<String> names() {
    return List.copyOf(names);
  }
}
