package io.llmproxy.proxy.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A value of the file with the path that leads to it. Reading it as something it is not leaves a
/// problem at its place and gives null or nothing, so that reading goes on and finds the next
/// problem too.
final class YamlValue {
  private static final Set<Tag> KNOWN_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.SEQ, Tag.MAP);
  private static final Set<String> NULL_WORDS = Set.of("", "~", "null", "Null", "NULL");

  private final Node node;
  private final Place key;
  private final String path;
  private final Reading reading;

  private YamlValue(Node node, Place key, String path, Reading reading) {
    this.node = node;
    this.key = key;
    this.path = path;
    this.reading = reading;
  }

  static YamlValue root(Node node, Reading reading) {
    return new YamlValue(node, Place.of(node.getStartMark()), "", reading);
  }

  /// The same value with a path that begins here, so that messages do not repeat the root key.
  YamlValue inner() {
    return new YamlValue(node, key, "", reading);
  }

  String path() {
    return path;
  }

  Reading reading() {
    return reading;
  }

  /// A problem with the value.
  void problem(String message) {
    reading.findings().problem(place(), told(message));
  }

  /// A problem with the value's being there, or with what it lacks.
  void keyProblem(String message) {
    reading.findings().problem(key, told(message));
  }

  void warn(String message) {
    reading.findings().warn(told(message));
  }

  void notEnforced() {
    warn("read, not enforced by this version");
  }

  private String told(String message) {
    return path.isEmpty() ? message : path + ": " + message;
  }

  Place place() {
    return Place.of(node.getStartMark());
  }

  Place keyPlace() {
    return key;
  }

  /// A key with nothing after it, or `null`.
  boolean isEmpty() {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && NULL_WORDS.contains(scalar.getValue());
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /// The entries in the order of the file; an empty value has none.
  Map<String, YamlValue> entries() {
    Map<String, YamlValue> entries = new LinkedHashMap<>();
    if (isEmpty()) {
      return entries;
    }
    if (!(node instanceof MappingNode mapping) || !hasKnownTag()) {
      wrongKind("keys and values");
      return entries;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      enter(tuple, entries);
    }
    return entries;
  }

  private void enter(NodeTuple tuple, Map<String, YamlValue> entries) {
    Place at = Place.of(tuple.getKeyNode().getStartMark());
    if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
      reading.findings().problem(at, told("a key must be a plain word"));
      return;
    }
    String child = Shown.oneLine(name.getValue());
    String childPath = path.isEmpty() ? child : path + "." + child;
    YamlValue value = new YamlValue(tuple.getValueNode(), at, childPath, reading);
    if (entries.putIfAbsent(name.getValue(), value) != null) {
      reading.findings().problem(at, told("key " + Shown.quoted(child) + " stands here twice"));
    }
  }

  YamlSection section(String... known) {
    return new YamlSection(this, entries(), List.of(known));
  }

  /// The items of a list; an empty value has none.
  List<YamlValue> items() {
    List<YamlValue> items = new ArrayList<>();
    if (isEmpty()) {
      return items;
    }
    if (!(node instanceof SequenceNode list) || !hasKnownTag()) {
      wrongKind("a list");
      return items;
    }
    for (Node item : list.getValue()) {
      String itemPath = path + "[" + items.size() + "]";
      items.add(new YamlValue(item, Place.of(item.getStartMark()), itemPath, reading));
    }
    return items;
  }

  /// The text as it stands in the file; null after a problem.
  @Nullable String raw() {
    if (isEmpty()) {
      keyProblem("has no value");
      return null;
    }
    if (!(node instanceof ScalarNode scalar) || !hasKnownTag()) {
      wrongKind("a single value");
      return null;
    }
    return scalar.getValue();
  }

  /// The text with its variables looked up; null after a problem with the node itself.
  @Nullable Expansion expansion() {
    String raw = raw();
    return raw == null ? null : Expansion.of(raw, reading.environment());
  }

  /// The text with its variables filled in; null after a problem.
  @Nullable String text() {
    return switch (expansion()) {
      case null -> null;
      case Expansion.Text(String value) -> value;
      case Expansion.Missing(String variable) -> {
        String withDefault = "${" + variable + ":-default}";
        problem("environment variable " + variable + " is not set (or write " + withDefault + ")");
        yield null;
      }
      case Expansion.Malformed(String reason) -> {
        problem(reason);
        yield null;
      }
    };
  }

  /// An existing, readable file; relative paths stand against the directory of the configuration.
  @Nullable Path readableFile() {
    Path file = path(text());
    if (file != null && !(Files.isRegularFile(file) && Files.isReadable(file))) {
      problem("no such file, or not readable: " + Shown.quoted(String.valueOf(raw())));
      return null;
    }
    return file;
  }

  /// The text as a path; null after a problem.
  @Nullable Path path(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.isBlank() || Scalars.hasControl(text)) {
      problem("expected: the path of a file");
      return null;
    }
    return reading.directory().resolve(text).normalize();
  }

  /// A message shows the text as the file has it, never what a variable put there.
  <T> @Nullable T read(Syntax<T> syntax) {
    String text = text();
    if (text == null) {
      return null;
    }
    T value = syntax.read(text);
    if (value == null) {
      String raw = node instanceof ScalarNode scalar ? scalar.getValue() : "";
      String hint = raw.equals(text) ? Suggestion.of(text, syntax.words()) : "";
      problem(Shown.quoted(raw) + " (expected: " + syntax.expected() + ")" + hint);
    }
    return value;
  }

  /// A text that no message may show.
  @Nullable Secret secret() {
    String text = text();
    if (text == null) {
      return null;
    }
    if (!isHeaderSafe(text)) {
      problem("must be printable ASCII without blanks, and not empty (its value is not shown)");
      return null;
    }
    return new Secret(text);
  }

  /// What an HTTP header may carry as a credential: a line end in it would forge a header.
  static boolean isHeaderSafe(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  private boolean hasKnownTag() {
    return KNOWN_TAGS.contains(node.getTag());
  }

  private void wrongKind(String expected) {
    if (!hasKnownTag()) {
      problem("a YAML tag is not allowed here (expected: " + expected + ")");
      return;
    }
    String found =
        switch (node) {
          case MappingNode _ -> "keys and values";
          case SequenceNode _ -> "a list";
          default -> "a single value";
        };
    problem("found " + found + " (expected: " + expected + ")");
  }
}
