package io.llmproxy.bench.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads one script; used once.
final class ScriptParser {

  private static final Map<String, Fault.Kind> FAULTS =
      Map.of(
          "cut", Fault.Kind.CUT,
          "drop", Fault.Kind.DROP,
          "close", Fault.Kind.CLOSE,
          "end", Fault.Kind.END,
          "stall", Fault.Kind.STALL,
          "error_event", Fault.Kind.ERROR_EVENT,
          "goaway", Fault.Kind.GOAWAY,
          "malformed", Fault.Kind.MALFORMED,
          "halfopen", Fault.Kind.HALF_OPEN);

  private Script.Text text = Script.Text.FILLER;
  private int events = -1;
  private int think;
  private int bytes = 16;
  private @Nullable String id;
  private @Nullable String finish;
  private long cached;
  private long written;
  private boolean stamp;
  private boolean echo;
  private @Nullable String sample;
  private long headNanos;
  private long ttftNanos;
  private double rate;
  private Fault fault = Fault.NONE;
  private int status = 200;
  private int retryAfterSeconds = -1;
  private int retryAfterMillis = -1;
  private @Nullable String shouldRetry;
  private Spelling spelling = Spelling.PLAIN;
  private Script.Start start = Script.Start.ANSWER;
  private boolean dribble;
  private int slowReadBytes;
  private boolean early;
  private @Nullable String as;
  private int tools;
  private boolean emptyArguments;
  private String tier = "default";
  private Script.Form form = Script.Form.ASKED;
  private final TroubleParser trouble = new TroubleParser();
  private @Nullable Script recovered;

  Script plain() {
    text = Script.Text.RECORDED;
    return script();
  }

  Script parse(String list) {
    for (String item : list.split(",", -1)) {
      String trimmed = item.strip();
      if (!trimmed.isEmpty()) {
        item(trimmed);
      }
    }
    recovered = trouble.isPassing() ? new ScriptParser().parse(withoutTrouble(list)) : null;
    return script();
  }

  private static String withoutTrouble(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(item -> !passes(item.split("=", 2)[0]))
        .collect(Collectors.joining(","));
  }

  private static boolean passes(String key) {
    return FAULTS.containsKey(key) || key.equals("bait") || TroubleParser.passes(key);
  }

  private void item(String item) {
    int at = item.indexOf('=');
    String key = at < 0 ? item : item.substring(0, at);
    String value = at < 0 ? "" : item.substring(at + 1);
    Fault.Kind kind = FAULTS.get(key);
    if (kind != null) {
      fault = Fault.parse(kind, value);
    } else if (at < 0) {
      flag(key);
    } else if (!shape(key, value) && !trouble.item(key, value)) {
      behaviour(key, value);
    }
  }

  private void flag(String key) {
    switch (key) {
      case "words" -> text = Script.Text.WORDS;
      case "json" -> text = Script.Text.JSON;
      case "refusal" -> text = Script.Text.REFUSAL;
      case "stamp" -> stamp = true;
      case "echo" -> {
        echo = true;
        events = 1;
      }
      case "silent" -> start = Script.Start.SILENT;
      case "html" -> start = Script.Start.HTML;
      case "dribble" -> dribble = true;
      case "slowread" -> slowReadBytes = 4096;
      case "early" -> early = true;
      case "bait" -> fault = new Fault(Fault.Kind.BAIT, 0, false);
      default -> {
        if (!trouble.flag(key)) {
          throw new IllegalArgumentException("script: unknown word " + key);
        }
      }
    }
  }

  private boolean shape(String key, String value) {
    switch (key) {
      case "events" -> events = count(value);
      case "think" -> think = count(value);
      case "bytes" -> bytes = size(value);
      case "id" -> id = value;
      case "finish" -> finish = value;
      case "cached" -> cached = count(value);
      case "written" -> written = count(value);
      case "sample" -> sample = value;
      case "as" -> as = value;
      case "tier" -> tier = value;
      case "shape" -> form = form(value);
      case "tools" -> tools = tools(value);
      case "args" -> emptyArguments = word(key, value, "empty").equals("empty");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void behaviour(String key, String value) {
    switch (key) {
      case "head" -> headNanos = nanos(value);
      case "ttft" -> ttftNanos = nanos(value);
      case "rate" -> rate = rate(value);
      case "status" -> status = status(value);
      case "retry_after" -> retryAfterSeconds = count(value);
      case "retry_after_ms" -> retryAfterMillis = count(value);
      case "should_retry" -> shouldRetry = word(key, value, "true", "false");
      case "sse" -> spelling = spelling(value);
      case "slowread" -> slowReadBytes = Math.max(1, size(value));
      case "reset" -> {
        word(key, value, "head");
        start = Script.Start.RESET;
      }
      default -> throw new IllegalArgumentException("script: unknown key " + key);
    }
  }

  private static int tools(String value) {
    int tools = count(value);
    if (tools > 128) {
      throw new IllegalArgumentException("script: tools: " + value + " (expected: at most 128)");
    }
    return tools;
  }

  private static String word(String key, String value, String... known) {
    if (List.of(known).contains(value)) {
      return value;
    }
    throw new IllegalArgumentException(
        "script: %s: %s (expected: %s)".formatted(key, value, String.join(" or ", known)));
  }

  private static Script.Form form(String value) {
    return word("shape", value, "json", "stream").equals("json")
        ? Script.Form.JSON
        : Script.Form.STREAM;
  }

  private static Spelling spelling(String value) {
    for (Spelling each : Spelling.values()) {
      if (each.name().equals(value.toUpperCase(Locale.ROOT))) {
        return each;
      }
    }
    throw new IllegalArgumentException("script: sse: " + value + " (expected: a way to spell it)");
  }

  private static int status(String value) {
    int status = count(value);
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("script: status: " + value + " (expected: 200 to 599)");
    }
    return status;
  }

  private static double rate(String value) {
    try {
      double rate = Double.parseDouble(value);
      if (rate >= 0 && rate <= 1e9) {
        return rate;
      }
    } catch (NumberFormatException _) {
      // falls through to the message that names the value
    }
    throw new IllegalArgumentException("script: rate: " + value + " (expected: events a second)");
  }

  static int count(String value) {
    try {
      int count = Integer.parseInt(value);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException _) {
      // falls through to the message that names the value
    }
    throw new IllegalArgumentException("script: " + value + " (expected: a whole number)");
  }

  static int size(String value) {
    if (value.endsWith("KiB")) {
      return Math.multiplyExact(count(value.substring(0, value.length() - 3)), 1024);
    }
    if (value.endsWith("MiB")) {
      return Math.multiplyExact(count(value.substring(0, value.length() - 3)), 1024 * 1024);
    }
    return count(value);
  }

  static long nanos(String value) {
    int unit = 0;
    while (unit < value.length() && Character.isDigit(value.charAt(unit))) {
      unit++;
    }
    long number = count(value.substring(0, unit));
    return switch (value.substring(unit)) {
      case "us" -> number * 1_000;
      case "ms", "" -> number * 1_000_000;
      case "s" -> number * 1_000_000_000;
      case "m" -> number * 60_000_000_000L;
      default -> throw new IllegalArgumentException("script: " + value + " (expected: a time)");
    };
  }

  private String finish() {
    if (finish != null) {
      return finish;
    }
    return text == Script.Text.REFUSAL ? "refusal" : tools > 0 ? "tool_calls" : "stop";
  }

  private Script script() {
    if (events < 0) {
      events = tools > 0 && text == Script.Text.FILLER ? 0 : 10;
    }
    if (fault.kind() == Fault.Kind.BAIT) {
      fault = new Fault(Fault.Kind.BAIT, Math.max(1, events / 2), false);
    }
    return new Script(
        text,
        events,
        think,
        bytes,
        id,
        finish(),
        cached,
        written,
        stamp,
        echo,
        sample,
        headNanos,
        ttftNanos,
        rate,
        fault,
        status,
        retryAfterSeconds,
        retryAfterMillis,
        shouldRetry,
        spelling,
        start,
        dribble,
        slowReadBytes,
        early,
        as,
        tools,
        emptyArguments,
        tier,
        form,
        trouble.trouble(recovered));
  }
}
