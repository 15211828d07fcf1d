package io.llmproxy.bench.simulator;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the simulated providers run.
///
/// @param host the address to bind
/// @param commonPort one port that serves all five, each under its name, 0 for any; -1 gives each a
///   port of its own
/// @param eventLoops how many threads
/// @param tick how finely events are paced
/// @param tls what every port speaks TLS with; null for cleartext
public record SimulatorSettings(
    String host,
    int commonPort,
    int eventLoops,
    Duration tick,
    @Nullable SslContext tls,
    Scripts scripts) {

  /// Five ports on loopback, one event loop, ticks of 2 ms, cleartext.
  public static final SimulatorSettings DEFAULT =
      new SimulatorSettings("127.0.0.1", -1, 1, Duration.ofMillis(2), null, Scripts.NONE);

  /// The same over TLS; `tls` should offer `h2` and `http/1.1` by ALPN.
  public SimulatorSettings withTls(SslContext tls) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts);
  }

  /// The same with that many event loops.
  public SimulatorSettings withEventLoops(int eventLoops) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts);
  }

  /// The same with names of its own.
  public SimulatorSettings withScripts(Scripts scripts) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts);
  }

  /// The same with one port for all five, at another address.
  public SimulatorSettings withCommonPort(String host, int port) {
    return new SimulatorSettings(host, port, eventLoops, tick, tls, scripts);
  }
}
