package io.llmproxy.provider.resume;

import io.llmproxy.provider.resume.Step.Mark;
import io.llmproxy.provider.resume.Step.Text;
import io.llmproxy.provider.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one record of a caller's stream says.
///
/// @param leaves of its data, empty where that is not JSON
record StreamRecord(Kind kind, List<Step> steps, Map<String, Leaf> leaves) {

  /// What a record is to the stream.
  enum Kind {
    /// Steps of the answer, or nothing that matters.
    PART,
    /// Tells of the answer as a whole, before its content.
    OPENING,
    /// The end, said in the dialect's own way.
    LAST,
    /// The provider failed.
    ERROR,
    /// Cannot be read.
    MALFORMED
  }

  private static final String DONE = "[DONE]";

  private static final String[] CHAT_TEXTS = {
    "content", "reasoning_content", "reasoning", "refusal"
  };

  static StreamRecord of(Dialect dialect, byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return part(List.of(), Map.of());
    }
    if (text.equals(DONE)) {
      return new StreamRecord(Kind.LAST, List.of(), Map.of());
    }
    Map<String, Leaf> leaves = Leaf.read(data);
    if (leaves == null) {
      return new StreamRecord(Kind.MALFORMED, List.of(), Map.of());
    }
    return switch (dialect) {
      case OPENAI_CHAT -> chat(leaves);
      case ANTHROPIC_MESSAGES -> messages(leaves);
      case OPENAI_RESPONSES -> responses(leaves);
    };
  }

  private static StreamRecord part(List<Step> steps, Map<String, Leaf> leaves) {
    return new StreamRecord(Kind.PART, steps, leaves);
  }

  private static StreamRecord opening(String name, Map<String, Leaf> leaves) {
    return new StreamRecord(Kind.OPENING, List.of(new Mark(name, List.of())), leaves);
  }

  private static StreamRecord chat(Map<String, Leaf> leaves) {
    if (leaves.keySet().stream()
        .anyMatch(path -> path.equals("error") || path.startsWith("error."))) {
      return new StreamRecord(Kind.ERROR, List.of(), leaves);
    }
    List<Step> steps = new ArrayList<>();
    int choices = count(leaves, "choices.");
    for (int i = 0; i < choices; i++) {
      chatChoice(leaves, "choices." + i + ".", i, steps);
    }
    if (steps.isEmpty() && leaves.containsKey("usage.total_tokens")) {
      steps.add(new Mark("usage", List.of()));
    }
    boolean role = leaves.keySet().stream().anyMatch(path -> path.endsWith(".delta.role"));
    return steps.isEmpty() && role ? opening("role", leaves) : part(steps, leaves);
  }

  private static void chatChoice(
      Map<String, Leaf> leaves, String path, int place, List<Step> steps) {
    String choice = "choice " + value(leaves, path + "index", String.valueOf(place));
    String delta = path + "delta.";
    for (String name : CHAT_TEXTS) {
      addText(steps, choice + " " + name, leaves.get(delta + name));
    }
    int calls = count(leaves, delta + "tool_calls.");
    for (int i = 0; i < calls; i++) {
      String call = delta + "tool_calls." + i + ".";
      String which = choice + " call " + value(leaves, call + "index", String.valueOf(i));
      Leaf name = leaves.get(call + "function.name");
      Leaf id = leaves.get(call + "id");
      if (name != null && !name.value().isEmpty()) {
        steps.add(new Mark(which + " " + name.value(), present(name, id)));
      }
      addText(steps, which, leaves.get(call + "function.arguments"));
    }
    Leaf finish = leaves.get(path + "finish_reason");
    if (finish != null) {
      steps.add(new Mark(choice + " " + finish.value(), List.of()));
    }
  }

  private static StreamRecord messages(Map<String, Leaf> leaves) {
    String type = value(leaves, "type", "");
    String index = value(leaves, "index", "");
    List<Step> steps = new ArrayList<>();
    switch (type) {
      case "error" -> {
        return new StreamRecord(Kind.ERROR, steps, leaves);
      }
      case "message_start" -> {
        return opening(type, leaves);
      }
      case "message_stop" -> {
        return new StreamRecord(Kind.LAST, steps, leaves);
      }
      case "content_block_start" -> {
        String block = value(leaves, "content_block.type", "");
        String name = value(leaves, "content_block.name", "");
        steps.add(mark(type, index, block, name));
      }
      case "content_block_delta" -> addDelta(steps, leaves, index);
      case "content_block_stop" -> steps.add(mark(type, index));
      case "message_delta" -> steps.add(mark(type, value(leaves, "delta.stop_reason", "")));
      default -> {}
    }
    return part(steps, leaves);
  }

  private static void addDelta(List<Step> steps, Map<String, Leaf> leaves, String index) {
    String type = value(leaves, "delta.type", "");
    switch (type) {
      case "text_delta" -> addText(steps, index, leaves.get("delta.text"));
      case "thinking_delta" -> addText(steps, index, leaves.get("delta.thinking"));
      case "input_json_delta" -> addText(steps, index, leaves.get("delta.partial_json"));
      default -> steps.add(mark(type, index));
    }
  }

  private static StreamRecord responses(Map<String, Leaf> leaves) {
    String type = value(leaves, "type", "");
    List<Step> steps = new ArrayList<>();
    String place =
        value(leaves, "output_index", "")
            + "/"
            + value(leaves, "content_index", value(leaves, "summary_index", ""));
    switch (type) {
      case "error", "response.failed" -> {
        return new StreamRecord(Kind.ERROR, steps, leaves);
      }
      case "response.created", "response.queued", "response.in_progress" -> {
        return opening(type, leaves);
      }
      case "response.completed", "response.incomplete" -> {
        return new StreamRecord(Kind.LAST, steps, leaves);
      }
      default -> {
        if (type.endsWith(".delta")) {
          addText(steps, type + " " + place, leaves.get("delta"));
        } else {
          String item = value(leaves, "item.type", "");
          steps.add(mark(type, place, item, value(leaves, "item.name", "")));
        }
      }
    }
    return part(steps, leaves);
  }

  private static void addText(List<Step> steps, String channel, @Nullable Leaf leaf) {
    if (leaf != null && leaf.isString() && !leaf.value().isEmpty()) {
      steps.add(new Text(channel, leaf));
    }
  }

  private static Mark mark(String... words) {
    return new Mark(String.join(" ", words), List.of());
  }

  private static List<Leaf> present(@Nullable Leaf... leaves) {
    List<Leaf> all = new ArrayList<>();
    for (Leaf leaf : leaves) {
      if (leaf != null) {
        all.add(leaf);
      }
    }
    return all;
  }

  private static String value(Map<String, Leaf> leaves, String path, String fallback) {
    Leaf leaf = leaves.get(path);
    return leaf == null ? fallback : leaf.value();
  }

  /// How many items a list has of which leaves are known.
  private static int count(Map<String, Leaf> leaves, String list) {
    int count = 0;
    for (String path : leaves.keySet()) {
      if (path.startsWith(list)) {
        int end = path.indexOf('.', list.length());
        String number = path.substring(list.length(), end < 0 ? path.length() : end);
        count = Math.max(count, Integer.parseInt(number) + 1);
      }
    }
    return count;
  }
}
