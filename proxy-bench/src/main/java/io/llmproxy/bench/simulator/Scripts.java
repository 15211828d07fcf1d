package io.llmproxy.bench.simulator;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Model names with scripts of their own; any other name is its own script.
public final class Scripts {

  /// No names of its own.
  public static final Scripts NONE = new Scripts(Map.of());

  private final Map<String, Script> named;

  private Scripts(Map<String, Script> named) {
    this.named = named;
  }

  /// Scripts by model name, each a list as after `sim-`.
  ///
  /// @throws IllegalArgumentException if one cannot be read
  public static Scripts of(Map<String, String> lists) {
    Map<String, Script> named = new TreeMap<>();
    lists.forEach((name, list) -> named.put(name, Script.parse(list)));
    return new Scripts(named);
  }

  /// Reads a file in YAML: model name to script.
  ///
  /// @throws IllegalArgumentException if it is something else or a script cannot be read
  public static Scripts load(Path file) throws IOException {
    Map<String, String> lists = new TreeMap<>();
    try (Reader in = Files.newBufferedReader(file)) {
      Object root = new Load(LoadSettings.builder().build()).loadFromReader(in);
      if (!(root instanceof Map<?, ?> map)) {
        throw new IllegalArgumentException(file + ": expected model names with scripts");
      }
      map.forEach((name, list) -> lists.put(String.valueOf(name), String.valueOf(list)));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    return of(lists);
  }

  Script script(String model) {
    Script known = named.get(model);
    return known == null ? Script.ofModel(model) : known;
  }

  List<String> names() {
    return List.copyOf(named.keySet());
  }
}
