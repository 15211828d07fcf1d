package io.llmproxy.proxy.ledger;

import io.llmproxy.provider.wire.Usage;
import io.llmproxy.provider.wire.UsageSource;

/// How a reservation ended: what was used, and what it cost.
///
/// @param costNanoUsd in nano-dollars, [#UNKNOWN_COST] where nobody knows the price
/// @param atMillis Unix time
public record Settlement(
    Usage usage, UsageSource source, long costNanoUsd, Outcome outcome, long atMillis) {

  /// The cost of what has no known price; counted as such, never as 0.
  public static final long UNKNOWN_COST = -1;
}
