package io.llmproxy.proxy.config;

import io.llmproxy.provider.price.Prices;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The checked, immutable configuration of a proxy.
///
/// @param prices the table to charge by, where a model's settings have no price of their own
/// @param drain how long exchanges under way may go on once the proxy is told to stop
/// @param warnings what the user should know before the proxy starts, one line each
public record Settings(
    Address listen,
    AdminSettings admin,
    SocketSettings sockets,
    @Nullable TlsSettings tls,
    LoggingSettings logging,
    List<ProviderSettings> providers,
    List<RouteSettings> routes,
    Prices prices,
    Timeouts timeouts,
    Limits limits,
    Duration drain,
    List<String> warnings) {

  /// Where to bind: a literal address (IPv6 without brackets) or a name. Port 0 takes a free one.
  public record Address(String host, int port) {}

  /// The admin listener; `token` is needed where it is bound to more than loopback.
  public record AdminSettings(Address listen, @Nullable Secret token) {}

  /// How sockets are driven: `transport` is EPOLL, IO_URING or NIO; `eventLoops` 0 means one per
  /// core.
  public record SocketSettings(Transport transport, int eventLoops) {}

  /// The way to the kernel.
  public enum Transport {
    EPOLL,
    IO_URING,
    NIO
  }

  /// Files in PEM, absolute paths; `minVersion` is `TLSv1.2` or `TLSv1.3`.
  public record TlsSettings(
      String cert, String key, @Nullable String clientCa, String minVersion) {}

  /// The log: `level` as log4j2 names it, `requests` NONE, METADATA or FULL.
  public record LoggingSettings(
      String level, Format format, Requests requests, @Nullable String file) {
    /// One JSON object a line, or plain text.
    public enum Format {
      JSON,
      TEXT
    }

    /// What is written of each request.
    public enum Requests {
      NONE,
      METADATA,
      FULL
    }
  }

  /// A client-facing model name and the targets behind it, each `provider/model`.
  public record RouteSettings(String model, List<String> targets) {}

  /// Deadlines of an exchange.
  public record Timeouts(Duration connect, Duration responseHead, Duration idle, Duration total) {}

  /// What one caller may send. Sizes in bytes.
  public record Limits(
      int maxBody, int maxHeader, int maxConnections, int maxStreamsPerConnection) {}
}
