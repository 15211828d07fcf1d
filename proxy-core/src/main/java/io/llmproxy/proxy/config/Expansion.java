package io.llmproxy.proxy.config;

import java.util.Map;
import java.util.regex.Pattern;

/// A text of the file after its `${NAME}` and `${NAME:-default}` were looked up. `$${` stands for
/// `${` itself. What a variable holds is taken as it is: never as YAML, never expanded again.
sealed interface Expansion {

  /// The text is whole. Its content may be a secret, so it does not print itself.
  record Text(String value) implements Expansion {
    @Override
    public String toString() {
      return "Text[***]";
    }
  }

  /// The environment lacks a variable that has no default.
  record Missing(String variable) implements Expansion {}

  /// The text breaks the rules of `${…}`.
  record Malformed(String reason) implements Expansion {}

  Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  static Expansion of(String raw, Map<String, String> environment) {
    StringBuilder text = new StringBuilder(raw.length());
    int from = 0;
    while (true) {
      int open = raw.indexOf("${", from);
      if (open < 0) {
        return new Text(text.append(raw, from, raw.length()).toString());
      }
      boolean escaped = open > from && raw.charAt(open - 1) == '$';
      if (escaped) {
        text.append(raw, from, open - 1).append("${");
        from = open + 2;
        continue;
      }
      int close = raw.indexOf('}', open);
      if (close < 0) {
        return new Malformed("\"${\" without its \"}\" (write \"$${\" for the text \"${\")");
      }
      text.append(raw, from, open);
      switch (variable(raw.substring(open + 2, close), environment)) {
        case Text(String value) -> text.append(value);
        case Missing missing -> {
          return missing;
        }
        case Malformed malformed -> {
          return malformed;
        }
      }
      from = close + 1;
    }
  }

  /// As in a shell, a default also stands in for a variable that is empty.
  private static Expansion variable(String inner, Map<String, String> environment) {
    int dash = inner.indexOf(":-");
    String name = dash < 0 ? inner : inner.substring(0, dash);
    if (!NAME.matcher(name).matches()) {
      return new Malformed("\"${…}\" needs the name of a variable, as in ${NAME:-default}");
    }
    String value = environment.get(name);
    if (dash < 0) {
      return value == null ? new Missing(name) : new Text(value);
    }
    String fallback = inner.substring(dash + 2);
    if (fallback.contains("${")) {
      return new Malformed("the default of ${" + name + ":-…} cannot hold a further variable");
    }
    return new Text(value == null || value.isEmpty() ? fallback : value);
  }
}
