package io.llmproxy.proxy.cluster;

import java.util.List;

/// What the store answers to a call.
sealed interface Reply {

  /// One answer for each limit that was asked about.
  ///
  /// @param learning whether the store waits for all to say what they hold, and lends nothing yet
  /// @param proxies that the store heard of lately
  record Leases(boolean learning, int proxies, List<Told> told) implements Reply {}

  /// The store has another epoch than the caller knows: it is new, or it lost what it knew. All
  /// leases are to be said anew.
  record OtherEpoch(String epoch, long nowMillis) implements Reply {}

  /// Another process that began later bears this proxy's name.
  record Superseded() implements Reply {}
}
