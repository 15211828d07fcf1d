package io.llmproxy.bench.quick;

import io.llmproxy.bench.load.LoadPlan.Protocol;
import io.llmproxy.bench.quick.Children.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Starts nginx and HAProxy as a careful user would set them up for streams: one worker, no
/// buffering, no access log, connections kept open on both sides.
final class PlainProxies {
  private static final Duration START = Duration.ofSeconds(10);

  private final Children children;
  private final Cores cores;
  private final InetSocketAddress upstream;

  PlainProxies(Children children, Cores cores, InetSocketAddress upstream) {
    this.children = children;
    this.cores = cores;
    this.upstream = upstream;
  }

  static boolean installed(Arm arm) {
    return CommandOutput.find(program(arm)).isPresent();
  }

  private static String program(Arm arm) {
    return switch (arm.program()) {
      case NGINX -> "nginx";
      case HAPROXY -> "haproxy";
      case OURS, POLICED ->
          throw new IllegalArgumentException("arm: " + arm.id() + " (expected: a peer)");
    };
  }

  ProxyUnderTest start(Arm arm) throws IOException, InterruptedException {
    Path program =
        CommandOutput.find(program(arm))
            .orElseThrow(() -> new IOException(program(arm) + " is not installed"));
    int port = Children.freePort();
    Path directory = children.directory(arm.id());
    List<String> command =
        switch (arm.program()) {
          case NGINX -> nginx(program, directory, nginxConfig(arm, port));
          case HAPROXY -> haproxy(program, directory, haproxyConfig(arm, port));
          case OURS, POLICED -> throw new IllegalArgumentException("arm: " + arm.id());
        };
    Child child = children.start(arm.id(), cores.onProxyCore(command));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Children.awaitPort(child, address, START);
    return new ProxyUnderTest(version(child), address, child.linux());
  }

  private static String version(Child child) throws IOException, InterruptedException {
    String running = "/proc/" + child.process().pid() + "/exe";
    return CommandOutput.of(List.of(running, "-v")).lines().findFirst().orElse("");
  }

  private static List<String> nginx(Path program, Path directory, String config)
      throws IOException {
    Path file = Files.writeString(directory.resolve("nginx.conf"), config);
    return List.of(
        program.toString(), "-p", directory.toString(), "-c", file.toString(), "-e", "stderr");
  }

  private String nginxConfig(Arm arm, int port) throws IOException {
    // Only root may, and then must, name a user whose files the worker can reach.
    boolean root = "root".equals(System.getProperty("user.name"));
    return Resources.text("nginx.conf")
        .replace("${user}", root ? "user root;" : "")
        .replace("${port}", Integer.toString(port))
        .replace("${upstream}", BenchRequests.authority(upstream))
        .replace("${http2}", arm.downstream() == Protocol.H2C ? " http2" : "");
  }

  private static List<String> haproxy(Path program, Path directory, String config)
      throws IOException {
    Path file = Files.writeString(directory.resolve("haproxy.cfg"), config);
    return List.of(program.toString(), "-db", "-f", file.toString());
  }

  private String haproxyConfig(Arm arm, int port) throws IOException {
    return Resources.text("haproxy.cfg")
        .replace("${port}", Integer.toString(port))
        .replace("${upstream}", BenchRequests.authority(upstream))
        .replace("${front}", arm.downstream() == Protocol.H2C ? " proto h2" : "")
        .replace("${back}", arm.upstream() == Protocol.H2C ? " proto h2" : "");
  }
}
