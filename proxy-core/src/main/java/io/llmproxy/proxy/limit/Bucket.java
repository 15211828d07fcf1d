package io.llmproxy.proxy.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Those of this proxy alone, by the generic cell rate algorithm (GCRA): a bucket that holds a
/// minute's worth and fills at an even rate, so that in any window of a length `w` no more passes
/// than the limit and its share of `w`.
///
/// All of it is one `long`, the theoretical arrival time: when the bucket is going to be full
/// again. Used by any thread, without a lock; times are `System.nanoTime()`.
public final class Bucket implements Rate {

  /// Units beyond these cost as much: their time would not fit a `long`.
  private static final long MOST_UNITS = 150_000_000;

  private static final VarHandle FULL_AT;

  static {
    try {
      FULL_AT = MethodHandles.lookup().findVarHandle(Bucket.class, "fullAt", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long limit;
  private volatile long fullAt;

  /// A full bucket.
  public Bucket(long limit, long now) {
    if (limit <= 0) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
    }
    this.limit = limit;
    this.fullAt = now;
  }

  @Override
  public long limit() {
    return limit;
  }

  @Override
  public long take(long units, long now) {
    long cost = nanos(units);
    if (cost > MINUTE_NANOS) {
      return Long.MAX_VALUE;
    }
    while (true) {
      long seen = fullAt;
      long next = Math.max(seen - now, 0) + cost;
      if (next > MINUTE_NANOS) {
        return next - MINUTE_NANOS;
      }
      if (FULL_AT.weakCompareAndSet(this, seen, now + next)) {
        return 0;
      }
    }
  }

  @Override
  public void correct(long units) {
    if (units != 0) {
      long nanos = units < 0 ? -refund(-units) : nanos(units);
      FULL_AT.getAndAdd(this, nanos);
    }
  }

  @Override
  public long remaining(long now) {
    long lacking = Math.max(fullAt - now, 0);
    return lacking >= MINUTE_NANOS ? 0 : (long) ((MINUTE_NANOS - lacking) / (60e9 / limit));
  }

  @Override
  public long untilFull(long now) {
    return Math.max(fullAt - now, 0);
  }

  /// Rounded up, so that the limit is never passed.
  private long nanos(long units) {
    return (Math.min(units, MOST_UNITS) * MINUTE_NANOS + limit - 1) / limit;
  }

  /// Rounded down, likewise.
  private long refund(long units) {
    return Math.min(units, MOST_UNITS) * MINUTE_NANOS / limit;
  }
}
