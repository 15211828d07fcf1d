package io.llmproxy.proxy.listen;

/// A connection of a caller, as drain and the sweep of idle connections see it. Used on its event
/// loop.
interface Downstream {

  /// Takes no further request: ends once those under way are answered.
  void drain();

  /// Ends the connection if it has been silent for too long with no request under way.
  void check(long nowNanos);

  /// Ends the connection now, whatever is under way.
  void close();
}
