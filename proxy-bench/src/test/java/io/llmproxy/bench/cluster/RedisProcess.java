package io.llmproxy.bench.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real Redis on a port of its own, which can be paused, killed and begun anew.
public final class RedisProcess implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Path directory;
  private final int port;
  private @Nullable Process process;

  private RedisProcess(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /// Starts one, and waits until it answers.
  ///
  /// @param directory where its log goes
  public static RedisProcess start(Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    RedisProcess redis = new RedisProcess(directory, port);
    redis.start();
    return redis;
  }

  public int port() {
    return port;
  }

  /// Begins anew, without anything that it knew before.
  public void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                Program.PATH.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!answers()) {
      if (System.nanoTime() > end) {
        throw new IOException("Redis does not answer: " + directory.resolve("redis.log"));
      }
      Thread.sleep(5);
    }
  }

  /// Its program, unpacked once, and before any other process of ours is begun: one that inherits
  /// the open file would keep it from being run.
  private static final class Program {
    private static final Path PATH = unpacked();

    private static Path unpacked() {
      boolean arm = System.getProperty("os.arch").equals("aarch64");
      String name = arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64";
      try (InputStream in = RedisProcess.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException(name + " is in no jar");
        }
        Path program = Files.createTempFile("redis-server", "");
        Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        if (!program.toFile().setExecutable(true)) {
          throw new IOException(program + " cannot be made executable");
        }
        program.toFile().deleteOnExit();
        return program;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private boolean answers() {
    try {
      return command("PING").startsWith("+PONG");
    } catch (IOException _) {
      return false;
    }
  }

  /// Says one command and gives the first line of what Redis answers.
  public String command(String line) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(1_000);
      socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
      byte[] answer = new byte[256];
      int bytes = socket.getInputStream().read(answer);
      return bytes < 0 ? "" : new String(answer, 0, bytes, US_ASCII);
    }
  }

  /// It answers nothing from now on, and its connections stay.
  public void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    if (process == null) {
      throw new IllegalStateException("not running");
    }
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  /// It is gone at once.
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
