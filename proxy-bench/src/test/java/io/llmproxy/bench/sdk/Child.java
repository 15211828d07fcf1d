package io.llmproxy.bench.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.proxy.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The program `llmproxy serve`, in a process of its own.
public final class Child implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  private Child(Process process) {
    this.process = process;
    readers =
        List.of(
            reader(process.getInputStream(), out, unread),
            reader(process.getErrorStream(), err, new LinkedBlockingQueue<>()));
  }

  /// Starts it with a configuration, on a free port.
  public static Child serve(Path configuration) throws IOException {
    return serve(configuration, "127.0.0.1:0");
  }

  /// Likewise at an address of its own.
  public static Child serve(Path configuration, String listen) throws IOException {
    return serve(configuration, listen, List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
  }

  /// Likewise, with flags of the JVM.
  public static Child serve(Path configuration, String listen, List<String> flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("serve", "--config", configuration.toString(), "--listen", listen));
    return new Child(new ProcessBuilder(command).start());
  }

  private static Thread reader(InputStream in, List<String> all, BlockingQueue<String> each) {
    return Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              all.add(line);
              each.add(line);
            }
          } catch (IOException _) {
            // closed by the test before the process ended
          }
        });
  }

  /// The next line of standard output.
  String line() throws InterruptedException {
    String line = unread.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new IllegalStateException("no line on standard output; standard error: " + err);
    }
    return line;
  }

  /// Waits until it can answer.
  ///
  /// @return the data port, then the admin port
  public List<URI> ready() throws InterruptedException {
    String[] words = line().split(" ", -1);
    return List.of(URI.create(words[2]), URI.create(words[4]));
  }

  /// The number of its process.
  public long pid() {
    return process.pid();
  }

  /// Sends SIGTERM; unlike Process#destroy its handle leaves the streams open.
  public void terminate() {
    process.toHandle().destroy();
  }

  /// Sends SIGKILL and waits for its end.
  public void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  /// Waits for its end and returns its exit status.
  public int status() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running; standard error: " + err);
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  /// Lines of standard output so far.
  List<String> out() {
    return List.copyOf(out);
  }

  /// Lines of standard error so far.
  public List<String> err() {
    return List.copyOf(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
