package io.llmproxy.provider.grok;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Grok model takes, as far as its name tells.
///
/// @param reasons whether it always reasons: then it takes neither penalties nor stop sequences
/// @param takesEffort whether it takes `reasoning_effort`
record GrokModel(boolean reasons, boolean takesEffort) {
  private static final Pattern VERSION = Pattern.compile("grok-(\\d{1,3}(\\.\\d{1,3})?)(-.*)?");
  private static final BigDecimal FIRST_REASONING = new BigDecimal("4");
  private static final BigDecimal FIRST_WITH_EFFORT = new BigDecimal("4.3");

  static GrokModel of(String name) {
    Matcher matcher = VERSION.matcher(name);
    if (!matcher.matches()) {
      // grok-code-fast and grok-build reason; the early grok-beta and grok-vision-beta do not.
      return new GrokModel(!name.endsWith("-beta"), false);
    }
    BigDecimal version = new BigDecimal(matcher.group(1));
    boolean plain = name.contains("-non-reasoning");
    boolean mini = name.startsWith("grok-3-mini");
    boolean reasons = !plain && (mini || version.compareTo(FIRST_REASONING) >= 0);
    // 4.20 is older than 4.3, and takes no effort but where it is the number of agents.
    boolean effort =
        mini
            || name.startsWith("grok-4.20-multi-agent")
            || version.compareTo(FIRST_WITH_EFFORT) >= 0;
    return new GrokModel(reasons, effort && !plain);
  }
}
