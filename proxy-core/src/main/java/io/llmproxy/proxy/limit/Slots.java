package io.llmproxy.proxy.limit;

/// So many at once. Used by any thread, without a lock.
public sealed interface Slots permits OwnSlots, SharedSlots {

  int limit();

  /// Takes one; false where all are taken.
  boolean take();

  /// Gives one back.
  void giveBack();

  /// How many are taken now.
  long taken();
}
