package io.llmproxy.bench.simulator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Finds the [Course] of each request, and remembers which troubles have passed. Used by any
/// thread.
final class Courses {

  private static final int MOST_KEPT = 100_000;

  private final Map<String, Long> firstNanos = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> troubled = new ConcurrentHashMap<>();

  /// The course of a request that shows `credential`.
  Course of(Script script, String model, Prompt prompt, String credential) {
    Trouble trouble = script.trouble();
    if (trouble.recovered() != null && hasPassed(trouble, model, prompt)) {
      return Course.RECOVERED;
    }
    if (isIn(trouble.badKey(), credential)) {
      return Course.BAD_KEY;
    }
    if (isIn(trouble.limitedKey(), credential)) {
      return Course.LIMITED_KEY;
    }
    return trouble.noPrefill() && prompt.endsWithAssistant() ? Course.PREFILL : Course.WRITTEN;
  }

  private static boolean isIn(String part, String credential) {
    return !part.isEmpty() && credential.contains(part);
  }

  private boolean hasPassed(Trouble trouble, String model, Prompt prompt) {
    long now = System.nanoTime();
    boolean longAgo = trouble.forNanos() > 0 && now - first(model, now) >= trouble.forNanos();
    boolean oftenEnough = trouble.times() > 0 && count(model, prompt) > trouble.times();
    return longAgo || oftenEnough;
  }

  private long first(String model, long now) {
    Long known = firstNanos.get(model);
    if (known != null) {
      return known;
    }
    if (firstNanos.size() >= MOST_KEPT) {
      return now;
    }
    Long before = firstNanos.putIfAbsent(model, now);
    return before == null ? now : before;
  }

  private int count(String model, Prompt prompt) {
    if (troubled.size() >= MOST_KEPT) {
      troubled.clear();
    }
    String key = model + " " + prompt.hash();
    return troubled.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
  }
}
