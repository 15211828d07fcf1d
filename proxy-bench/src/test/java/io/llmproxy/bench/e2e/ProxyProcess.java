package io.llmproxy.bench.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.bench.sdk.Child;
import io.llmproxy.bench.simulator.SimulatedProvider;
import io.llmproxy.bench.simulator.SimulatorSettings;
import io.llmproxy.bench.simulator.Simulators;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The proxy in a process of its own, before a simulated provider in this one: its log is what a
/// user would see, its memory its own.
final class ProxyProcess implements AutoCloseable {

  private static final Pattern USED = Pattern.compile("(?:DefNew|Tenured) .*used (\\d+)K");
  private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");

  private final Simulators simulators;
  private final Child child;
  private final InetSocketAddress address;
  private final Path file;

  /// @param root YAML of further sections
  /// @param flags of its JVM
  ProxyProcess(String root, List<String> flags) throws IOException, InterruptedException {
    simulators = Simulators.start(SimulatorSettings.DEFAULT);
    file = Files.createTempFile("llmproxy", ".yaml");
    Files.writeString(
        file,
        """
        llmproxy:
          event_loops: 2
          logging: {requests: none}
          admin: {listen_addr: "127.0.0.1:0"}
          limits: {max_connections: 20000}
          providers:
            openai:
              api_key: k
              base_url: "%s"
              http2: prior_knowledge
        %s\
        """
            .formatted(simulators.baseUrl(SimulatedProvider.OPENAI), root));
    child = Child.serve(file, "127.0.0.1:0", flags);
    URI data = child.ready().getFirst();
    address = new InetSocketAddress(data.getHost(), data.getPort());
  }

  InetSocketAddress address() {
    return address;
  }

  /// Lines of its log so far, without what it says of its configuration.
  List<String> log() {
    return child.err().stream().filter(line -> !line.startsWith("warning: ")).toList();
  }

  /// What is reachable in its heap, by a full collection.
  long heapBytes() throws IOException, InterruptedException {
    String info = jcmd("GC.run", "GC.run", "GC.heap_info");
    Matcher used = USED.matcher(info);
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    if (kib == 0) {
      throw new AssertionError("the heap's generations in: " + info);
    }
    return kib << 10;
  }

  /// All that is resident and that no file backs, the whole heap with it.
  long anonymousBytes() throws IOException {
    String status = Files.readString(Path.of("/proc/" + child.pid() + "/status"));
    Matcher kib = ANONYMOUS.matcher(status);
    if (!kib.find()) {
      throw new AssertionError("RssAnon in: " + status);
    }
    return Long.parseLong(kib.group(1)) << 10;
  }

  /// What the JVM says to some commands, all given at once.
  private String jcmd(String... commands) throws IOException, InterruptedException {
    Path list = Files.createTempFile("jcmd", ".txt");
    Files.write(list, List.of(commands));
    String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(program, Long.toString(child.pid()), "-f", list.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    Files.delete(list);
    return said;
  }

  @Override
  public void close() throws IOException {
    child.close();
    simulators.close();
    Files.delete(file);
  }
}
