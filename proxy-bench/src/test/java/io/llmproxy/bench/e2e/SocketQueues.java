package io.llmproxy.bench.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What lies in the kernel's buffers of this machine's connections, as `/proc/net` shows it.
final class SocketQueues {

  private static final String ESTABLISHED = "01";
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private SocketQueues() {}

  /// Bytes on their way from a port, to whatever port: not yet heard of by the other end, or heard
  /// of and not yet read.
  static long from(int port) throws IOException {
    return sum(port, 1, 2);
  }

  /// Likewise those on their way to a port.
  static long to(int port) throws IOException {
    return sum(port, 2, 1);
  }

  /// @param sender the field in which the port stands where the socket is the sender's
  /// @param receiver likewise the receiver's
  private static long sum(int port, int sender, int receiver) throws IOException {
    long bytes = 0;
    for (Path table : TABLES) {
      for (String line : Files.readAllLines(table)) {
        String[] fields = line.strip().split(" +", -1);
        if (fields[3].equals(ESTABLISHED)) {
          String[] queues = fields[4].split(":", -1);
          bytes += port(fields[sender]) == port ? Long.parseLong(queues[0], 16) : 0;
          bytes += port(fields[receiver]) == port ? Long.parseLong(queues[1], 16) : 0;
        }
      }
    }
    return bytes;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }
}
