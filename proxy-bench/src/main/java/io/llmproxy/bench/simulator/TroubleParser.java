package io.llmproxy.bench.simulator;

import io.llmproxy.bench.simulator.rules.Denial;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the words of a script that make its [Trouble]; used once.
final class TroubleParser {

  /// The words that `times` and `for` take away again, other than this parser's own and those of
  /// [Fault].
  private static final Set<String> PASSING =
      Set.of(
          "head",
          "ttft",
          "status",
          "retry_after",
          "retry_after_ms",
          "should_retry",
          "sse",
          "reset",
          "silent",
          "html",
          "dribble");

  private static final Set<String> FLAGS = Set.of("noprefill", "gzip");

  private static final Set<String> KEYS =
      Set.of("times", "for", "badkey", "limitkey", "endless", "head_bytes");

  private int times;
  private long forNanos;
  private @Nullable Denial denial;
  private String badKey = "";
  private String limitedKey = "";
  private boolean noPrefill;
  private boolean gzip;
  private int endlessBytes;
  private int headBytes;

  /// Whether a word is one that passes.
  static boolean passes(String key) {
    return PASSING.contains(key) || isDenial(key) || FLAGS.contains(key) || KEYS.contains(key);
  }

  private static boolean isDenial(String key) {
    for (Denial each : Denial.values()) {
      if (word(each).equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static String word(Denial denial) {
    return denial.name().toLowerCase(Locale.ROOT);
  }

  /// Reads a word without a value; false if it is none of these.
  boolean flag(String key) {
    if (isDenial(key)) {
      denial = Denial.valueOf(key.toUpperCase(Locale.ROOT));
    }
    noPrefill |= key.equals("noprefill");
    gzip |= key.equals("gzip");
    return (denial != null && word(denial).equals(key)) || FLAGS.contains(key);
  }

  /// Reads a word with a value; false if it is none of these.
  boolean item(String key, String value) {
    switch (key) {
      case "times" -> times = Math.max(1, ScriptParser.count(value));
      case "for" -> forNanos = Math.max(1, ScriptParser.nanos(value));
      case "badkey" -> badKey = some(key, value);
      case "limitkey" -> limitedKey = some(key, value);
      case "endless" -> endlessBytes = Math.max(1, ScriptParser.size(value));
      case "head_bytes" -> headBytes = ScriptParser.size(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String some(String key, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("script: " + key + ": (expected: part of a key)");
    }
    return value;
  }

  boolean isPassing() {
    return times > 0 || forNanos > 0;
  }

  Trouble trouble(@Nullable Script recovered) {
    return new Trouble(
        times,
        forNanos,
        denial,
        badKey,
        limitedKey,
        noPrefill,
        gzip,
        endlessBytes,
        headBytes,
        recovered);
  }
}
