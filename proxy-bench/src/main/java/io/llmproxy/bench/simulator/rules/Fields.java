package io.llmproxy.bench.simulator.rules;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields that an object may have, each with its kind.
final class Fields {

  private final Map<String, Kind> kinds;

  private Fields(Map<String, Kind> kinds) {
    this.kinds = kinds;
  }

  /// Reads a table: a line for each kind, its name, a colon and the fields.
  static Fields of(String table) {
    Map<String, Kind> kinds = new HashMap<>();
    table
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> {
          int colon = line.indexOf(':');
          Kind kind = Kind.valueOf(line.substring(0, colon).strip().toUpperCase(Locale.ROOT));
          for (String name : line.substring(colon + 1).strip().split(" +", -1)) {
            kinds.put(name, kind);
          }
        });
    return new Fields(kinds);
  }

  /// These and those of another table.
  Fields and(Fields others) {
    Map<String, Kind> all = new HashMap<>(kinds);
    all.putAll(others.kinds);
    return new Fields(all);
  }

  Fields without(String... names) {
    Map<String, Kind> fewer = new HashMap<>(kinds);
    fewer.keySet().removeAll(Set.of(names));
    return new Fields(fewer);
  }

  /// The first field of `object` that stands in no table; null if all do.
  @Nullable String unknown(Map<?, ?> object) {
    for (Object name : object.keySet()) {
      if (!kinds.containsKey(name)) {
        return (String) name;
      }
    }
    return null;
  }

  /// The first field whose value is of another kind than its own; null if there is none.
  @Nullable String wrong(Map<?, ?> object) {
    for (Map.Entry<?, ?> field : object.entrySet()) {
      Kind kind = kinds.get(field.getKey());
      if (kind != null && field.getValue() != null && !kind.admits(field.getValue())) {
        return (String) field.getKey();
      }
    }
    return null;
  }

  Kind kind(String name) {
    return kinds.getOrDefault(name, Kind.ANY);
  }
}
