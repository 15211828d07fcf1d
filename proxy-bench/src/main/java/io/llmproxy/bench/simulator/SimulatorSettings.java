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
/// @param account whose requests are taken
/// @param http2 how connections of HTTP/2 behave
/// @param attempts whether the books tell the attempts of each prompt
public record SimulatorSettings(
    String host,
    int commonPort,
    int eventLoops,
    Duration tick,
    @Nullable SslContext tls,
    Scripts scripts,
    Account account,
    Connections http2,
    boolean attempts) {

  /// What is asked of a request.
  ///
  /// @param refuses whether requests are refused that the real provider would refuse
  /// @param glmKey the one key of GLM's account, ID.SECRET; null takes any
  public record Account(boolean refuses, @Nullable String glmKey) {}

  /// Five ports on loopback, one event loop, ticks of 2 ms, cleartext, refusing what the real ones
  /// refuse.
  public static final SimulatorSettings DEFAULT =
      new SimulatorSettings(
          "127.0.0.1",
          -1,
          1,
          Duration.ofMillis(2),
          null,
          Scripts.NONE,
          new Account(true, null),
          Connections.ENDURING,
          false);

  /// The same over TLS; `tls` should offer `h2` and `http/1.1` by ALPN.
  public SimulatorSettings withTls(SslContext tls) {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same with that many event loops.
  public SimulatorSettings withEventLoops(int eventLoops) {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same with events paced as finely as `tick`.
  public SimulatorSettings withTick(Duration tick) {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same with names of its own.
  public SimulatorSettings withScripts(Scripts scripts) {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same with one port for all five, at another address.
  public SimulatorSettings withCommonPort(String host, int port) {
    return new SimulatorSettings(
        host, port, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same taking any body that names a model, as a load wants it.
  public SimulatorSettings withoutRefusals() {
    return new SimulatorSettings(
        host,
        commonPort,
        eventLoops,
        tick,
        tls,
        scripts,
        new Account(false, account.glmKey()),
        http2,
        attempts);
  }

  /// The same with GLM's account known, so that tokens' signatures are checked.
  public SimulatorSettings withGlmKey(String key) {
    return new SimulatorSettings(
        host,
        commonPort,
        eventLoops,
        tick,
        tls,
        scripts,
        new Account(account.refuses(), key),
        http2,
        attempts);
  }

  /// The same with other connections of HTTP/2.
  public SimulatorSettings withHttp2(Connections http2) {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, attempts);
  }

  /// The same with the attempts of each prompt in the books.
  public SimulatorSettings withAttempts() {
    return new SimulatorSettings(
        host, commonPort, eventLoops, tick, tls, scripts, account, http2, true);
  }
}
