package io.llmproxy.proxy.cluster;

import java.util.concurrent.TimeUnit;

/// What is shared.
enum Kind {

  /// Money of a period: nano-dollars, of which the store knows whole micro-dollars. What is spent
  /// is gone, whatever becomes of the proxy that spent it.
  BUDGET("B", 1_000, TimeUnit.SECONDS.toNanos(60)),

  /// Units that come back at an even rate. What is committed and lent only grows.
  RATE("R", 1, TimeUnit.SECONDS.toNanos(10)),

  /// Units that come back when they are given back.
  SLOTS("S", 1, TimeUnit.SECONDS.toNanos(10));

  private final String letter;
  private final long unit;
  private final long idleNanos;

  Kind(String letter, long unit, long idleNanos) {
    this.letter = letter;
    this.unit = unit;
    this.idleNanos = idleNanos;
  }

  /// As the store knows it.
  String letter() {
    return letter;
  }

  /// How much is one for the store.
  long unit() {
    return unit;
  }

  /// After how long unused a lease is given back.
  long idleNanos() {
    return idleNanos;
  }
}
