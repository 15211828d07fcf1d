package io.llmproxy.bench.quick;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What short-lived commands print.
final class CommandOutput {

  private CommandOutput() {}

  /// Runs a command to its end; fails when it does.
  static String of(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": exit " + status + ": " + output);
    }
    return output;
  }

  /// A program's path, looked for as a shell would, and where system programs live.
  static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Arrays.stream(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
