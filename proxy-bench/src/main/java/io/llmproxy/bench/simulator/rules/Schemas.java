package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.map;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What providers refuse in the schema that an answer must have.
final class Schemas {

  private static final Set<String> NOT_AT_ANTHROPIC =
      Set.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "oneOf");
  private static final List<String> MAPS = List.of("properties", "$defs", "definitions");
  private static final List<String> LISTS = List.of("anyOf", "allOf", "oneOf", "prefixItems");
  private static final int MAX_OPTIONAL = 24;

  private Schemas() {}

  /// One schema within another, and where it stands.
  private record Place(Object schema, String path) {}

  static void checkAnthropic(Map<?, ?> root, String path) {
    int optional = 0;
    Deque<Place> left = new ArrayDeque<>();
    left.add(new Place(root, path));
    for (Place at = left.poll(); at != null; at = left.poll()) {
      if (!(at.schema() instanceof Map<?, ?> schema)) {
        continue;
      }
      for (Object keyword : schema.keySet()) {
        if (keyword instanceof String word && NOT_AT_ANTHROPIC.contains(word)) {
          throw new Refused(at.path() + ": property '" + word + "' is not supported");
        }
      }
      if (isOpen(schema)) {
        throw new Refused(
            at.path()
                + ": For 'object' type, 'additionalProperties' must be explicitly set to false");
      }
      optional += Math.max(0, map(schema, "properties").size() - list(schema, "required").size());
      addChildren(at, left);
    }
    if (optional > MAX_OPTIONAL) {
      throw new Refused(
          path + ": Schemas contains too many optional parameters (" + optional + ")");
    }
  }

  /// Says what is wrong with a schema that OpenAI is to keep strictly to; null if nothing is.
  static @Nullable String strictFault(Map<?, ?> root) {
    Deque<Place> left = new ArrayDeque<>();
    left.add(new Place(root, ""));
    for (Place at = left.poll(); at != null; at = left.poll()) {
      if (!(at.schema() instanceof Map<?, ?> schema)) {
        continue;
      }
      String context = "In context=(" + at.path() + "), ";
      if (isOpen(schema)) {
        return context + "'additionalProperties' is required to be supplied and to be false.";
      }
      for (Object name : map(schema, "properties").keySet()) {
        if (!list(schema, "required").contains(name)) {
          return context
              + "'required' is required to be supplied and to be an array including every key in"
              + " properties. Missing '"
              + name
              + "'.";
        }
      }
      addChildren(at, left);
    }
    return null;
  }

  private static boolean isOpen(Map<?, ?> schema) {
    return "object".equals(schema.get("type"))
        && !Boolean.FALSE.equals(get(schema, "additionalProperties"));
  }

  private static void addChildren(Place at, Deque<Place> left) {
    for (String name : MAPS) {
      map(at.schema(), name)
          .forEach((key, value) -> left.add(new Place(value, at.path() + "." + name + "." + key)));
    }
    for (String name : LISTS) {
      list(at.schema(), name).forEach(value -> left.add(new Place(value, at.path() + "." + name)));
    }
    Object items = get(at.schema(), "items");
    if (items != null) {
      left.add(new Place(items, at.path() + ".items"));
    }
  }
}
