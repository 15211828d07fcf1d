package io.llmproxy.proxy.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A mapping whose keys are known beforehand; any other key is a problem. Each key is read by name
/// with its syntax, and falls back to its default when absent or wrong.
final class YamlSection {
  private final YamlValue owner;
  private final Map<String, YamlValue> entries;
  private final List<String> known;

  YamlSection(YamlValue owner, Map<String, YamlValue> entries, List<String> known) {
    this.owner = owner;
    this.entries = entries;
    this.known = known;
    entries.forEach(this::refuseUnknown);
  }

  private void refuseUnknown(String key, YamlValue value) {
    if (known.contains(key)) {
      return;
    }
    String where = owner.path().isEmpty() ? "" : owner.path() + ": ";
    String hint = Suggestion.of(key, known);
    String list = hint.isEmpty() ? " (known: " + String.join(", ", known) + ")" : hint;
    owner
        .reading()
        .findings()
        .problem(value.keyPlace(), where + "unknown key " + Shown.quoted(key) + list);
  }

  YamlValue owner() {
    return owner;
  }

  /// The value under the key, null where the file does not have it.
  @Nullable YamlValue get(String key) {
    if (!known.contains(key)) {
      throw new IllegalArgumentException("key: " + key + " (expected: one of " + known + ")");
    }
    return entries.get(key);
  }

  <T> @Nullable T read(String key, Syntax<T> syntax) {
    YamlValue value = get(key);
    return value == null ? null : value.read(syntax);
  }

  <T> T read(String key, Syntax<T> syntax, T fallback) {
    T value = read(key, syntax);
    return value == null ? fallback : value;
  }

  /// As [#read], and its absence is a problem.
  <T> @Nullable T need(String key, Syntax<T> syntax) {
    if (get(key) == null) {
      owner.keyProblem("needs " + key + " (" + syntax.expected() + ")");
    }
    return read(key, syntax);
  }

  /// Checks the values without keeping them.
  void check(Syntax<?> syntax, String... keys) {
    for (String key : keys) {
      read(key, syntax);
    }
  }

  List<YamlValue> items(String key) {
    YamlValue value = get(key);
    return value == null ? List.of() : value.items();
  }

  /// The section under the key; null where the file does not have it.
  @Nullable YamlSection section(String key, String... keysOfIt) {
    YamlValue value = get(key);
    return value == null ? null : value.section(keysOfIt);
  }

  void notEnforced(String... keys) {
    for (String key : keys) {
      YamlValue value = get(key);
      if (value != null) {
        value.notEnforced();
      }
    }
  }
}
