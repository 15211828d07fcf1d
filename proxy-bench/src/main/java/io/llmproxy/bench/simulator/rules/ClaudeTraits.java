package io.llmproxy.bench.simulator.rules;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one Claude model takes.
///
/// @param disabled whether thinking may be `disabled`; likewise `enabled`, `betweenTools`,
///   `adaptive`
/// @param sampling whether it takes other values than the default ones
/// @param forced whether `tool_choice` may be `any` or `tool`
/// @param prefill whether the last message may be the assistant's
record ClaudeTraits(
    int maxOutput,
    Leave disabled,
    Leave enabled,
    Leave betweenTools,
    Leave adaptive,
    Efforts efforts,
    boolean sampling,
    boolean forced,
    boolean prefill) {

  /// Whether something may be asked for; `HIGH` is at no more than high effort.
  enum Leave {
    YES,
    NO,
    HIGH
  }

  /// Which efforts may be asked for.
  enum Efforts {
    ALL,
    NO_XHIGH,
    NONE
  }

  private static final String TABLE =
      """
      model      output disabled enabled between adaptive efforts  sampling forced prefill
      fable-5-1  128000 NO       NO      NO      YES      ALL      no       no     no
      fable-5-2  128000 NO       NO      NO      YES      ALL      no       no     no
      fable-5    128000 NO       NO      NO      YES      ALL      no       yes    no
      opus-5-5   128000 NO       NO      NO      YES      ALL      no       no     no
      sonnet-5-5 128000 NO       NO      HIGH    YES      ALL      no       no     no
      haiku-5-5  128000 HIGH     NO      NO      YES      ALL      no       yes    no
      opus-5     128000 HIGH     YES     NO      YES      ALL      no       yes    no
      sonnet-5   128000 YES      YES     NO      YES      ALL      no       yes    no
      opus-4-8   128000 YES      NO      NO      YES      ALL      no       yes    no
      opus-4-7   128000 YES      NO      NO      YES      ALL      no       yes    no
      opus-4-6   128000 YES      YES     NO      YES      NO_XHIGH yes      yes    no
      sonnet-4-6 128000 YES      YES     NO      YES      NO_XHIGH yes      yes    yes
      opus-4-5   64000  YES      YES     NO      NO       ALL      yes      yes    yes
      sonnet-4-5 64000  YES      YES     NO      NO       NONE     yes      yes    yes
      haiku-4-5  64000  YES      YES     NO      NO       NONE     yes      yes    yes
      opus-4-1   32000  YES      YES     NO      YES      NONE     yes      yes    yes
      """;

  private static final Map<String, ClaudeTraits> MODELS = read();
  private static final Pattern DATE = Pattern.compile("-\\d{8}$");

  private static Map<String, ClaudeTraits> read() {
    Map<String, ClaudeTraits> models = new HashMap<>();
    TABLE.lines().skip(1).map(line -> line.split(" +")).forEach(row -> models.put(row[0], of(row)));
    return models;
  }

  private static ClaudeTraits of(String[] row) {
    return new ClaudeTraits(
        Integer.parseInt(row[1]),
        Leave.valueOf(row[2]),
        Leave.valueOf(row[3]),
        Leave.valueOf(row[4]),
        Leave.valueOf(row[5]),
        Efforts.valueOf(row[6]),
        row[7].equals("yes"),
        row[8].equals("yes"),
        row[9].equals("yes"));
  }

  /// The traits of a model, whichever its date; null if nothing is known of it.
  static @Nullable ClaudeTraits of(String model) {
    if (!model.startsWith("claude-")) {
      return null;
    }
    return MODELS.get(DATE.matcher(model.substring("claude-".length())).replaceFirst(""));
  }
}
