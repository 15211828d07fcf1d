package io.llmproxy.bench.quick;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The processes a command has started, and their directory of configuration and output. All are
/// ended when this is closed, or when the command itself is interrupted.
final class Children implements AutoCloseable {
  private static final long POLL_MILLIS = 10;
  private static final long GRACE_SECONDS = 5;

  private final Path directory;
  private final List<Child> children = new ArrayList<>();
  private final Thread hook = new Thread(this::endInterrupted, "end-children");

  /// A started process.
  record Child(String name, Process process, Path output) {

    LinuxProcess linux() {
      return new LinuxProcess(process.toHandle());
    }
  }

  Children() throws IOException {
    directory = Files.createTempDirectory("llmproxy-bench-");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// A directory of its own for what `name` reads and writes.
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  Child start(String name, List<String> command) throws IOException {
    Path output = directory(name).resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Child child = new Child(name, process, output);
    synchronized (children) {
      children.add(child);
    }
    return child;
  }

  /// Waits for the first line that begins so, and gives it.
  static String awaitLine(Child child, String prefix, Duration atMost)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      Optional<String> line = line(child.output(), prefix);
      if (line.isPresent()) {
        return line.get();
      }
      pause(child, deadline, "no line '" + prefix + "…'");
    }
  }

  private static Optional<String> line(Path output, String prefix) throws IOException {
    String text = Files.readString(output);
    // The last line may be half written.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().filter(each -> each.startsWith(prefix)).findFirst();
  }

  /// Waits until something listens on a port of this machine.
  static void awaitPort(Child child, InetSocketAddress address, Duration atMost)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!answers(address)) {
      pause(child, deadline, "does not listen on " + address);
    }
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) POLL_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void pause(Child child, long deadline, String missing)
      throws IOException, InterruptedException {
    if (!child.process().isAlive()) {
      throw new IOException(child.name() + " ended: " + tail(child.output()));
    }
    if (System.nanoTime() - deadline > 0) {
      throw new IOException(child.name() + ": " + missing + ": " + tail(child.output()));
    }
    Thread.sleep(POLL_MILLIS);
  }

  private static String tail(Path output) throws IOException {
    String text = Files.readString(output).strip();
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  /// A port nobody listens on; free but not reserved.
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    endAll();
    Runtime.getRuntime().removeShutdownHook(hook);
    deleteFiles();
  }

  private void endInterrupted() {
    endAll();
    try {
      deleteFiles();
    } catch (IOException failure) {
      System.err.println("cannot delete " + directory + ": " + failure.getMessage());
    }
  }

  private void deleteFiles() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void endAll() {
    List<Child> all;
    synchronized (children) {
      all = List.copyOf(children);
    }
    List<ProcessHandle> descendants = new ArrayList<>();
    for (Child child : all) {
      child.process().descendants().forEach(descendants::add);
      child.process().destroy();
    }
    for (Child child : all) {
      end(child.process());
    }
    for (ProcessHandle orphan : descendants) {
      if (orphan.isAlive()) {
        orphan.destroyForcibly();
      }
    }
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
