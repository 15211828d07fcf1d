package io.llmproxy.proxy.config;

import io.llmproxy.provider.price.Prices;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The checked, immutable configuration of a proxy.
///
/// @param retry how failed attempts are repeated where a route does not say
/// @param prices the table to charge by, where a model's settings have no price of their own
/// @param access who may use the proxy
/// @param rateLimits how much callers may ask
/// @param ledger where what is spent is written down, null for nowhere
/// @param cluster where budgets are shared with other proxies, null for nowhere
/// @param heartbeat how long the caller of a stream hears nothing at most, zero for as long as it
///   takes
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
    AccessSettings access,
    LimitSettings rateLimits,
    SpendingSettings spending,
    @Nullable LedgerSettings ledger,
    @Nullable ClusterSettings cluster,
    RetrySettings retry,
    Prices prices,
    Timeouts timeouts,
    Limits limits,
    Duration heartbeat,
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

  /// Deadlines of an exchange and its attempts. Zero for none, but for `connect`.
  ///
  /// @param connect until a connection stands
  /// @param requestWrite from an attempt's begin until its last byte is handed to the kernel
  /// @param responseHead from then until the reply's head
  /// @param firstEvent from an attempt's begin until the first byte of the reply's body
  /// @param firstContent from an attempt's begin until the first content
  /// @param idle between two parts of a reply
  /// @param total from the request's head to the reply's end, over all attempts
  /// @param minRate the least bytes a second of a reply that has begun
  public record Timeouts(
      Duration connect,
      Duration requestWrite,
      Duration responseHead,
      Duration firstEvent,
      Duration firstContent,
      Duration idle,
      Duration total,
      int minRate) {}

  /// What one caller may send. Sizes in bytes.
  public record Limits(
      int maxBody, int maxHeader, int maxConnections, int maxStreamsPerConnection) {}
}
