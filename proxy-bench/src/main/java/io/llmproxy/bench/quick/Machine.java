package io.llmproxy.bench.quick;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where and of what a comparison was made.
///
/// @param revision of the sources, with `+` where files differ from it; `unknown` outside a clone
public record Machine(String cpu, int cores, String kernel, String jvm, String revision) {

  public static Machine read() throws InterruptedException {
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        sourceRevision());
  }

  private static String cpuModel() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo"), ISO_8859_1)
          .lines()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException _) {
      return System.getProperty("os.arch");
    }
  }

  private static String sourceRevision() throws InterruptedException {
    try {
      String home = System.getProperty("llmproxy.home", ".");
      String hash = CommandOutput.of(List.of("git", "-C", home, "rev-parse", "--short=12", "HEAD"));
      String changed =
          CommandOutput.of(List.of("git", "-C", home, "status", "--porcelain", "-uno"));
      return changed.isEmpty() ? hash : hash + "+";
    } catch (IOException _) {
      return "unknown";
    }
  }
}
