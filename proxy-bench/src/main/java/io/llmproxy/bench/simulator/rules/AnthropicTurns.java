package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What Anthropic refuses in `messages` and `system`. Used for one request.
///
/// Messages of one role that follow one another are one turn, as the provider merges them.
final class AnthropicTurns {

  private static final int MAX_CACHE_MARKS = 4;

  private final Map<String, Object> body;
  private final AnthropicBlocks blocks;
  private final boolean newer;

  private String role = "";
  private int assistantAt;
  private final Set<String> called = new LinkedHashSet<>();
  private final Set<String> unanswered = new LinkedHashSet<>();
  private boolean resultsOver;

  AnthropicTurns(Map<String, Object> body, boolean newer) {
    this.body = body;
    this.newer = newer;
    blocks = new AnthropicBlocks(newer);
  }

  void check(@Nullable ClaudeTraits traits) {
    checkSystem();
    List<?> messages = list(body, "messages");
    if (messages.isEmpty()) {
      throw new Refused("messages: at least one message is required");
    }
    for (int i = 0; i < messages.size(); i++) {
      message(messages.get(i), i, i == messages.size() - 1);
    }
    closeUserTurn();
    if (role.equals("assistant")) {
      unanswered.addAll(called);
      closeUserTurn();
      checkPrefill(messages.getLast(), traits);
    }
    for (Object tool : list(body, "tools")) {
      blocks.countMark(tool);
    }
    if (blocks.cacheMarks() > MAX_CACHE_MARKS) {
      throw new Refused(
          "A maximum of 4 blocks with cache_control may be provided. Found %d."
              .formatted(blocks.cacheMarks()));
    }
  }

  private void checkSystem() {
    List<?> system = list(body, "system");
    for (int i = 0; i < system.size(); i++) {
      if (!text(system.get(i), "type", "").equals("text")) {
        throw new Refused("system." + i + ".type: Input should be 'text'");
      }
      String text = text(system.get(i), "text");
      if (text == null) {
        throw new Refused("system." + i + ".text: Field required");
      }
      if (text.isEmpty()) {
        throw new Refused("system: text content blocks must be non-empty");
      }
      blocks.countMark(system.get(i));
    }
  }

  private void message(@Nullable Object message, int index, boolean last) {
    String path = "messages." + index;
    String own = text(message, "role");
    if (own == null) {
      throw new Refused(path + ".role: Field required");
    }
    if (own.equals("system") && newer && index > 0) {
      blocks.checkSystem(get(message, "content"), path);
      return;
    }
    if (own.equals("system")) {
      throw new Refused(
          "messages: Unexpected role \"system\". The Messages API accepts a top-level `system`"
              + " parameter, not \"system\" as an input message role.");
    }
    if (!own.equals("user") && !own.equals("assistant")) {
      throw new Refused(
          "messages: Unexpected role \""
              + own
              + "\". Allowed roles are \"user\" or \"assistant\".");
    }
    turnTo(own, index);
    content(get(message, "content"), path, own, last);
  }

  private void turnTo(String own, int index) {
    if (own.equals("assistant")) {
      if (!role.equals(own)) {
        closeUserTurn();
        called.clear();
        blocks.newTurn();
      }
      assistantAt = index;
    } else if (!role.equals(own)) {
      unanswered.addAll(called);
      resultsOver = false;
    }
    role = own;
  }

  private void closeUserTurn() {
    if (!unanswered.isEmpty()) {
      throw new Refused(
          "messages."
              + assistantAt
              + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
              + String.join(", ", unanswered)
              + ". Each `tool_use` block must have a corresponding `tool_result` block in the next"
              + " message.");
    }
  }

  private void content(@Nullable Object content, String path, String own, boolean last) {
    boolean empty =
        content instanceof String text
            ? text.isEmpty()
            : content instanceof List<?> l && l.isEmpty();
    if (empty && !(last && own.equals("assistant"))) {
      throw new Refused(
          path
              + ": all messages must have non-empty content except for the optional final assistant"
              + " message");
    }
    if (content instanceof String) {
      resultsOver = true;
      return;
    }
    if (!(content instanceof List<?> parts)) {
      throw new Refused(
          path
              + ".content: "
              + (content == null ? "Field required" : "Input should be a valid list"));
    }
    for (int i = 0; i < parts.size(); i++) {
      String at = path + ".content." + i;
      blocks.check(parts.get(i), at, own);
      noteTools(parts.get(i), at);
    }
  }

  private void noteTools(@Nullable Object block, String path) {
    switch (text(block, "type", "")) {
      case "tool_use" -> called.add(text(block, "id", ""));
      case "tool_result" -> {
        String id = text(block, "tool_use_id", "");
        if (!called.contains(id)) {
          throw new Refused(
              path
                  + ": unexpected `tool_use_id` found in `tool_result` blocks: "
                  + id
                  + ". Each `tool_result` block must have a corresponding `tool_use` block in the"
                  + " previous message.");
        }
        if (!resultsOver) {
          unanswered.remove(id);
        }
      }
      default -> resultsOver = true;
    }
  }

  private static void checkPrefill(Object message, @Nullable ClaudeTraits traits) {
    if (traits != null && !traits.prefill()) {
      throw new Refused(
          "This model does not support assistant message prefill. The conversation must end with a"
              + " user message.");
    }
    Object content = get(message, "content");
    Object text =
        content instanceof List<?> parts && !parts.isEmpty()
            ? text(parts.getLast(), "text")
            : content;
    boolean trailing =
        text instanceof String words && !words.isEmpty() && !words.equals(words.stripTrailing());
    if (trailing) {
      throw new Refused("messages: final assistant content cannot end with trailing whitespace");
    }
  }
}
