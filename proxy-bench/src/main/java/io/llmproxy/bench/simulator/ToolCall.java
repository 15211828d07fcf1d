package io.llmproxy.bench.simulator;

import java.util.ArrayList;
import java.util.List;

/// One call of a tool in an answer.
///
/// @param id escaped for JSON, like `name`
/// @param fragments the arguments in the parts a stream brings them in; none of a call without any
record ToolCall(int index, String id, String name, List<String> fragments) {

  private static final int FRAGMENT_CHARS = 7;

  /// The calls a script makes of a request's tools, in their order and again from the first; of
  /// `get_weather` where it has none.
  static List<ToolCall> of(Script script, Shape shape, List<String> tools) {
    List<ToolCall> calls = new ArrayList<>();
    for (int i = 0; i < script.tools(); i++) {
      String name = tools.isEmpty() ? "get_weather" : tools.get(i % tools.size());
      String day = i == 0 ? "" : ",\"day\":" + i;
      String arguments = script.emptyArguments() ? "" : "{\"city\":\"Paris\"" + day + "}";
      calls.add(new ToolCall(i, Facts.escape(shape.toolId(i)), Facts.escape(name), cut(arguments)));
    }
    return calls;
  }

  /// Cuts text into parts as a stream brings them.
  static List<String> cut(String text) {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < text.length(); from += FRAGMENT_CHARS) {
      parts.add(text.substring(from, Math.min(text.length(), from + FRAGMENT_CHARS)));
    }
    return parts;
  }

  /// All arguments as JSON; empty of a call without any.
  String arguments() {
    return String.join("", fragments);
  }

  /// `"name":…,"arguments":…` with all arguments in a string.
  String function() {
    return function(arguments());
  }

  /// The same with only a beginning of them.
  String function(String beginning) {
    return "{\"name\":\"" + name + "\",\"arguments\":\"" + Facts.escape(beginning) + "\"}";
  }
}
