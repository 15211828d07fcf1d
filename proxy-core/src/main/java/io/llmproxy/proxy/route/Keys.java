package io.llmproxy.proxy.route;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/// The keys of one provider by their places in the configuration: which a request is to bear. Used
/// by any thread; times are `System.nanoTime()`.
///
/// The same prompt bears the same key where it can, since a provider's prompt cache is the
/// account's: weighted rendezvous hashing, and no key has more than 1.25 times its share of the
/// requests under way.
public final class Keys {

  private static final double MOST_OF_SHARE = 1.25;

  private final int[] weights;
  private final AtomicIntegerArray underWay;
  private final AtomicLongArray coolUntil;
  private final int weightSum;

  /// @param weights of the keys; one key stands for none as well
  public Keys(int[] weights) {
    this.weights = weights.length == 0 ? new int[] {1} : weights.clone();
    this.underWay = new AtomicIntegerArray(this.weights.length);
    this.coolUntil = new AtomicLongArray(this.weights.length);
    int sum = 0;
    for (int weight : this.weights) {
      sum += weight;
    }
    this.weightSum = sum;
  }

  public int size() {
    return weights.length;
  }

  /// Room for what one target notes of each key.
  AtomicLongArray notes() {
    return new AtomicLongArray(weights.length);
  }

  /// The key for a request with a prompt; that which rests the shortest where all rest.
  int pick(long prompt, AtomicLongArray rests, long now) {
    if (weights.length == 1) {
      return 0;
    }
    int total = 1;
    for (int i = 0; i < weights.length; i++) {
      total += underWay.get(i);
    }
    int best = -1;
    double bestScore = 0;
    for (int i = 0; i < weights.length; i++) {
      double score = Route.score(prompt, i, weights[i]);
      if (underWay.get(i) >= Math.ceil(MOST_OF_SHARE * total * weights[i] / weightSum)) {
        // Full keys come after all that are not.
        score = -1 / score;
      }
      if (!isResting(i, rests, now) && (best < 0 || score > bestScore)) {
        best = i;
        bestScore = score;
      }
    }
    return best < 0 ? shortestRest(rests, now) : best;
  }

  private int shortestRest(AtomicLongArray rests, long now) {
    int best = 0;
    for (int i = 1; i < weights.length; i++) {
      if (rest(i, rests, now) < rest(best, rests, now)) {
        best = i;
      }
    }
    return best;
  }

  boolean isResting(int key, AtomicLongArray rests, long now) {
    return rest(key, rests, now) > 0;
  }

  long rest(int key, AtomicLongArray rests, long now) {
    return Math.max(left(coolUntil.get(key), now), left(rests.get(key), now));
  }

  private static long left(long until, long now) {
    return until == 0 ? 0 : Math.max(0, until - now);
  }

  /// A request that bears the key has begun.
  public void begin(int key) {
    underWay.incrementAndGet(key);
  }

  /// It is over.
  public void end(int key) {
    underWay.decrementAndGet(key);
  }

  /// The key is let alone for a while, by all targets of the provider.
  public void cool(int key, long now, long nanos) {
    coolUntil.set(key, Math.max(1, now + nanos));
  }
}
