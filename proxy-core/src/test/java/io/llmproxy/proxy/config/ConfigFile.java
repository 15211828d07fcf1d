package io.llmproxy.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmproxy.proxy.config.LoadResult.Loaded;
import io.llmproxy.proxy.config.LoadResult.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A configuration file of a test, in a directory of its own.
record ConfigFile(Path path) {

  static ConfigFile of(Path directory, String yaml) {
    return of(directory, yaml.getBytes(StandardCharsets.UTF_8));
  }

  static ConfigFile of(Path directory, byte[] bytes) {
    try {
      return new ConfigFile(Files.write(directory.resolve("llmproxy.yaml"), bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LoadResult load(Map<String, String> environment) {
    return SettingsLoader.load(path, environment);
  }

  Settings settings(Map<String, String> environment) {
    LoadResult result = load(environment);
    assertThat(result).isInstanceOf(Loaded.class);
    return ((Loaded) result).settings();
  }

  Settings settings() {
    return settings(Map.of());
  }

  /// The problems as `LINE:COLUMN: message`.
  List<String> problems(Map<String, String> environment) {
    LoadResult result = load(environment);
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result)
        .problems().stream()
            .map(Problem::toString)
            .map(shown -> shown.substring(path.toString().length() + 1))
            .toList();
  }

  List<String> problems() {
    return problems(Map.of());
  }
}
