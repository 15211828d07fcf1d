package io.llmproxy.proxy.limit;

/// Units a minute, which come back at an even rate. Used by any thread, without a lock; times are
/// `System.nanoTime()`.
public sealed interface Rate permits Bucket, SharedRate {

  /// How long it takes until all units are back.
  long MINUTE_NANOS = 60_000_000_000L;

  /// Units a minute.
  long limit();

  /// Takes `units`, or nothing.
  ///
  /// @return 0 where they were taken, else after how many nanoseconds they could be;
  ///   [Long#MAX_VALUE] where they are more than there ever are
  long take(long units, long now);

  /// Corrects what was taken: `units` more, or fewer where it is negative. A correction may take
  /// more than there is; whoever comes next waits the longer.
  void correct(long units);

  /// How many units there are now.
  long remaining(long now);

  /// After how many nanoseconds all units are back.
  long untilFull(long now);
}
