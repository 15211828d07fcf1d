package io.llmproxy.proxy.cli;

import io.llmproxy.proxy.config.LoadResult;
import io.llmproxy.proxy.config.Problem;
import io.llmproxy.proxy.config.Settings;
import io.llmproxy.proxy.config.Settings.Address;
import io.llmproxy.proxy.config.SettingsLoader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--config FILE`, and what it leads to.
final class ConfigurationOption {
  private static final Path DEFAULT = Path.of("config", "llmproxy.yaml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration (default: config/llmproxy.yaml).")
  private @Nullable Path file;

  /// The file given; else the default one here, else the one of the installation.
  Path file() {
    if (file != null) {
      return file;
    }
    String home = System.getProperty("llmproxy.home");
    Path installed = home == null ? DEFAULT : Path.of(home).resolve(DEFAULT);
    return Files.exists(DEFAULT) || !Files.exists(installed) ? DEFAULT : installed;
  }

  LoadResult load(Terminal terminal, @Nullable Address listen) {
    return SettingsLoader.load(file(), terminal.environment(), listen);
  }

  /// The settings after their warnings were shown; null after the problems were.
  @Nullable Settings settings(Terminal terminal, @Nullable Address listen) {
    return switch (load(terminal, listen)) {
      case LoadResult.Loaded(Settings settings) -> {
        showWarnings(settings, terminal.err());
        yield settings;
      }
      case LoadResult.Refused(List<Problem> problems) -> {
        problems.forEach(terminal.err()::println);
        terminal.err().flush();
        yield null;
      }
    };
  }

  static void showWarnings(Settings settings, PrintWriter err) {
    settings.warnings().forEach(warning -> err.println("warning: " + warning));
    err.flush();
  }
}
