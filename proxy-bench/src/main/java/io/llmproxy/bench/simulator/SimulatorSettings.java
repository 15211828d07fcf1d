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
/// @param refuses whether requests are refused that the real provider would refuse
/// @param glmKey the one key of GLM's account, ID.SECRET; null takes any
public record SimulatorSettings(
    String host,
    int commonPort,
    int eventLoops,
    Duration tick,
    @Nullable SslContext tls,
    Scripts scripts,
    boolean refuses,
    @Nullable String glmKey) {

  /// Five ports on loopback, one event loop, ticks of 2 ms, cleartext, refusing what the real ones
  /// refuse.
  public static final SimulatorSettings DEFAULT =
      new SimulatorSettings(
          "127.0.0.1", -1, 1, Duration.ofMillis(2), null, Scripts.NONE, true, null);

  /// The same over TLS; `tls` should offer `h2` and `http/1.1` by ALPN.
  public SimulatorSettings withTls(SslContext tls) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, refuses, glmKey);
  }

  /// The same with that many event loops.
  public SimulatorSettings withEventLoops(int eventLoops) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, refuses, glmKey);
  }

  /// The same with events paced as finely as `tick`.
  public SimulatorSettings withTick(Duration tick) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, refuses, glmKey);
  }

  /// The same with names of its own.
  public SimulatorSettings withScripts(Scripts scripts) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, refuses, glmKey);
  }

  /// The same with one port for all five, at another address.
  public SimulatorSettings withCommonPort(String host, int port) {
    return new SimulatorSettings(host, port, eventLoops, tick, tls, scripts, refuses, glmKey);
  }

  /// The same taking any body that names a model, as a load wants it.
  public SimulatorSettings withoutRefusals() {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, false, glmKey);
  }

  /// The same with GLM's account known, so that tokens' signatures are checked.
  public SimulatorSettings withGlmKey(String key) {
    return new SimulatorSettings(host, commonPort, eventLoops, tick, tls, scripts, refuses, key);
  }
}
