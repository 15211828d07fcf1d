package io.llmproxy.proxy.config;

import java.util.regex.Pattern;

/// Reads and checks what this version does not act on yet, and says so with one warning each.
final class UnenforcedReader {
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Syntax<Integer> MANY = Scalars.count(1, 1_000_000_000);
  private static final Syntax<String> REDACTION =
      new Syntax<>(
          "a kind of data, such as email, phone or card",
          text -> WORD.matcher(text).matches() ? text : null);

  private UnenforcedReader() {}

  static void logging(YamlSection logging, boolean full) {
    YamlValue requests = logging.get("requests");
    if (requests != null && full) {
      requests.warn("full: read, not enforced by this version: metadata is written");
    }
    for (YamlValue kind : logging.items("redact")) {
      kind.read(REDACTION);
    }
    logging.notEnforced("redact");
    YamlValue rotate = logging.get("rotate");
    if (rotate != null && rotate.isMapping()) {
      YamlSection section = rotate.section("size", "every", "keep");
      section.check(Scalars.size(1 << 10, Integer.MAX_VALUE), "size");
      section.check(Scalars.DURATION, "every");
      section.check(MANY, "keep");
    } else if (rotate != null) {
      rotate.read(Scalars.TEXT);
    }
    logging.notEnforced("rotate");
  }
}
