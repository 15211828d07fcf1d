package io.llmproxy.proxy.exchange;

import io.llmproxy.provider.wire.ProviderError;
import io.llmproxy.provider.wire.ProviderError.Retry;
import io.llmproxy.proxy.config.RetrySettings;
import io.llmproxy.proxy.exchange.Setback.Refusal;
import io.llmproxy.proxy.route.Route;
import io.llmproxy.proxy.route.Target;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Which attempt of an exchange follows which.
///
/// Each target of the route is asked once, in order and at once, before any is asked again. Again
/// is asked who may be hoped for: after the time that it named, else after a random part of a delay
/// that doubles (full jitter), and only while the provider's allowance of repetitions lasts. Where
/// a provider has said that the next request would be over its limit, that request waits, if not
/// for too long.
final class Course {

  private static final long COOL_KEY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long REST_MILLIS = 1000;
  private static final long LEAST_REST_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 20;

  private final RetrySettings retry;
  private final long prompt;
  private final Target[] order;
  private final int most;

  /// What each target that was asked came to, in the order's places; null for no setback yet.
  private final @Nullable Retry[] hopes;

  private final long[] notBefore;
  private int asked;
  private int made;
  private int repeats;

  /// @param callerRetries how often the caller has asked already
  Course(Route route, long prompt, int callerRetries, long now) {
    this.retry = route.retry();
    this.prompt = prompt;
    this.order = route.order(prompt, now);
    this.most = Math.max(1, retry.maxAttempts() - callerRetries);
    this.hopes = new @Nullable Retry[order.length];
    this.notBefore = new long[order.length];
  }

  /// An attempt to make.
  ///
  /// @param key the place of the key to bear
  record Step(Target target, int key, long delayNanos) {}

  /// The first attempt.
  Step begin(long now) {
    return step(order[asked++], 0, now);
  }

  /// Whether another target may be asked beside one that is under way: the next one, if it is well.
  boolean hasBeside() {
    return asked < order.length && order[asked].health().isWell();
  }

  /// The attempt at that target.
  Step beside(long now) {
    return step(order[asked++], 0, now);
  }

  /// The attempt after `setback`, of one that bore `key`; null where none is to follow.
  ///
  /// @param last whether the caller allows no further one: then what it came to is noted alone
  @Nullable Step after(Setback setback, int key, long now, boolean last) {
    Retry hope = setback.retry();
    if (hope == Retry.NEVER) {
      return null;
    }
    Target target = setback.target();
    if (setback instanceof Refusal refusal && refusal.isKeys()) {
      letAlone(refusal, key, now);
      int other = target.key(prompt, now);
      if (!last && !target.isResting(other, now)) {
        return step(target, 0, now);
      }
    }
    note(setback, hope, now);
    if (last) {
      return null;
    }
    if (asked < order.length) {
      return step(order[asked++], 0, now);
    }
    return again(now);
  }

  /// Whether a target was asked more than once: then the caller need not.
  boolean hasRepeated() {
    return repeats > 0;
  }

  private void note(Setback setback, Retry hope, long now) {
    for (int i = 0; i < order.length; i++) {
      if (order[i].equals(setback.target())) {
        hopes[i] = hope;
        long wait = setback.retryAfterMillis();
        notBefore[i] = wait == ProviderError.UNKNOWN ? now : now + millis(wait);
      }
    }
  }

  private void letAlone(Refusal refusal, int key, long now) {
    Target target = refusal.target();
    if (refusal.said().kind() == ProviderError.Kind.RATE_LIMITED) {
      long wait = refusal.retryAfterMillis();
      long rest = wait == ProviderError.UNKNOWN ? REST_MILLIS : Math.max(wait, LEAST_REST_MILLIS);
      target.rest(key, now, millis(rest));
    } else {
      target.keys().cool(key, now, COOL_KEY_NANOS);
    }
  }

  private @Nullable Step again(long now) {
    long longest = retry.maxDelay().toNanos();
    for (int i = 0; i < order.length && made < most; i++) {
      boolean hopeful = hopes[i] == Retry.SAME_TARGET && notBefore[i] - now <= longest;
      if (hopeful && order[i].repeats().take(now)) {
        repeats++;
        return step(order[i], Math.max(notBefore[i] - now, jitter(longest)), now);
      }
    }
    return null;
  }

  private long jitter(long longest) {
    long base = retry.baseDelay().toNanos();
    long most = Math.min(longest, base << Math.min(repeats - 1, MOST_DOUBLINGS));
    return most <= 0 ? 0 : ThreadLocalRandom.current().nextLong(most + 1);
  }

  private Step step(Target target, long delayNanos, long now) {
    made++;
    int key = target.key(prompt, now + delayNanos);
    long rest = target.restNanos(key, now);
    boolean worthIt = rest <= retry.maxDelay().toNanos();
    return new Step(target, key, worthIt ? Math.max(rest, delayNanos) : delayNanos);
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
