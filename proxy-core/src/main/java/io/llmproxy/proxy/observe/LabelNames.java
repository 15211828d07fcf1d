package io.llmproxy.proxy.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The closed set of values a label may take: the configured names, `other` for any name beside
/// them and `none` where there is no name. What callers send can therefore never add a series.
final class LabelNames {

  static final String OTHER = "other";
  static final String NONE = "none";

  private final List<String> names;
  private final Map<String, Integer> indexes;
  private final int other;
  private final int none;

  LabelNames(Collection<String> configured) {
    var indexes = new HashMap<String, Integer>();
    var names = new ArrayList<String>();
    configured.forEach(name -> add(name, indexes, names));
    other = add(OTHER, indexes, names);
    none = add(NONE, indexes, names);
    this.indexes = Map.copyOf(indexes);
    this.names = List.copyOf(names);
  }

  private static int add(String name, Map<String, Integer> indexes, List<String> names) {
    Integer known = indexes.putIfAbsent(name, names.size());
    if (known != null) {
      return known;
    }
    names.add(name);
    return names.size() - 1;
  }

  int indexOf(@Nullable String name) {
    if (name == null) {
      return none;
    }
    Integer index = indexes.get(name);
    return index != null ? index : other;
  }

  String name(int index) {
    return names.get(index);
  }

  int size() {
    return names.size();
  }
}
