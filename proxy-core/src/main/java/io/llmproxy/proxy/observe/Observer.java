package io.llmproxy.proxy.observe;

/// Told of what happens on one event loop, by that loop's thread alone. Implementations must not
/// block and should not allocate.
public interface Observer {

  /// An exchange began.
  void onExchangeStart();

  /// An exchange ended; called exactly once for each start.
  void onExchangeEnd(ExchangeReport report);
}
