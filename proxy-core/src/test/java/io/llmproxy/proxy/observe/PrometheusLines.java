package io.llmproxy.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads Prometheus' text format as strictly as its description: each line, its type, and that no
/// series comes twice.
final class PrometheusLines {

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern COMMENT =
      Pattern.compile("# (?:HELP (" + NAME + ") .*|TYPE (" + NAME + ") ([a-z]+))");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "((" + NAME + ")(?:\\{" + LABEL + "(?:," + LABEL + ")*,?})?) (-?[0-9.E+-]+|NaN|[+-]Inf)");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "summary");
  private static final List<String> SUFFIXES = List.of("_sum", "_count");

  private PrometheusLines() {}

  static void check(String text) {
    assertThat(text).endsWith("\n");
    Map<String, String> types = new HashMap<>();
    Set<String> series = new HashSet<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("#")) {
        comment(line, types);
      } else if (!line.isEmpty()) {
        sample(line, types, series);
      }
    }
    assertThat(series).isNotEmpty();
  }

  static Set<String> names(String text) {
    Set<String> names = new HashSet<>();
    Matcher matcher = Pattern.compile("(?m)^# TYPE (" + NAME + ") ").matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static void comment(String line, Map<String, String> types) {
    Matcher matcher = COMMENT.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    if (matcher.group(2) != null) {
      assertThat(TYPES).as(line).contains(matcher.group(3));
      assertThat(types.put(matcher.group(2), matcher.group(3))).as(line).isNull();
    }
  }

  private static void sample(String line, Map<String, String> types, Set<String> series) {
    Matcher matcher = SAMPLE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    assertThat(series.add(matcher.group(1))).as("twice: " + line).isTrue();
    String name = matcher.group(2);
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix) && !types.containsKey(name)) {
        name = name.substring(0, name.length() - suffix.length());
        assertThat(types.get(name)).as(line).isEqualTo("summary");
      }
    }
    assertThat(types).as(line).containsKey(name);
  }
}
