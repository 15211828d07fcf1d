package io.llmproxy.bench.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// The wall clock of another process, to be set while that runs. Its monotonic clock is left alone.
final class WallClock implements AutoCloseable {

  private final Path agent;
  private final Path file;
  private final RandomAccessFile offset;

  private WallClock(Path agent, Path file) throws IOException {
    this.agent = agent;
    this.file = file;
    this.offset = new RandomAccessFile(file.toFile(), "rw");
    set(0);
  }

  static WallClock in(Path directory) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Premain-Class"), ClockAgent.class.getName());
    Path agent = directory.resolve("clock.jar");
    try (OutputStream out = Files.newOutputStream(agent)) {
      // The agent itself is on the class path.
      new JarOutputStream(out, manifest).close();
    }
    return new WallClock(agent, directory.resolve("clock"));
  }

  /// What makes a JVM go by it.
  List<String> flags() {
    return List.of("-javaagent:" + agent, "-D" + FalseClock.FILE + "=" + file);
  }

  /// Sets it so far ahead of the true one; negative for behind.
  void set(long millis) throws IOException {
    offset.seek(0);
    offset.writeLong(millis);
  }

  @Override
  public void close() throws IOException {
    offset.close();
  }
}
