package io.llmproxy.proxy.route;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// How many attempts are under way at a target, and how many it bears: as many as it answers about
/// as fast as it usually does. Used by any thread.
///
/// What is usual is a slow average of the times to first token. While those of late take no more
/// than twice as long, the limit grows, if it is used; where they take longer it shrinks, by up to
/// half, to four at least, which find out when the target has become fast again. A target that
/// stays slow for a thousand answers is usually slow, and its limit grows again.
final class Crowd {

  static final int LEAST = 4;
  static final int MOST = 10_000;

  private static final int FIRST = 32;
  private static final int TOLERANCE = 2;
  private static final double MOST_SHRINKING = 0.5;

  /// Of a limit that was found, so much is believed at once.
  private static final double SMOOTHING = 0.125;

  /// Answers after which what is usual has become another.
  private static final int USUAL_ANSWERS = 2048;

  private static final AtomicIntegerFieldUpdater<Crowd> UNDER_WAY =
      AtomicIntegerFieldUpdater.newUpdater(Crowd.class, "underWay");

  private volatile int underWay;

  // Two threads that learn at once may lose what one of them learned: the next answer tells it too.
  private volatile double limit = FIRST;
  private volatile double usualNanos;
  private volatile int answers;

  void begin() {
    UNDER_WAY.incrementAndGet(this);
  }

  void end() {
    UNDER_WAY.decrementAndGet(this);
  }

  int underWay() {
    return underWay;
  }

  int limit() {
    return (int) limit;
  }

  /// Whether another attempt is more than the target bears.
  boolean isFull() {
    return underWay >= limit();
  }

  /// An answer's first token came.
  ///
  /// @param nanos what it took
  /// @param lately what those of late took
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // see above
  void firstToken(long nanos, long lately) {
    double usual = usualNanos;
    int count = Math.min(answers + 1, USUAL_ANSWERS);
    answers = count;
    usual += (nanos - usual) / count;
    usualNanos = usual;
    double before = limit;
    double slowness = TOLERANCE * usual / Math.max(1, lately);
    double kept = Math.clamp(slowness, MOST_SHRINKING, 1);
    if (kept == 1 && 2 * underWay < before) {
      return;
    }
    double found = before * kept + Math.sqrt(before);
    limit = Math.clamp(before + (found - before) * SMOOTHING, LEAST, MOST);
  }
}
