package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What Anthropic refuses in a content block. Used for one request.
final class AnthropicBlocks {

  private static final Set<String> TYPES =
      Set.of(
          "text",
          "image",
          "document",
          "search_result",
          "tool_use",
          "tool_result",
          "thinking",
          "redacted_thinking",
          "server_tool_use",
          "container_upload");
  private static final Set<String> IN_RESULTS =
      Set.of("text", "image", "search_result", "document", "tool_reference");
  private static final List<String> IMAGES =
      List.of("image/jpeg", "image/png", "image/gif", "image/webp");
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

  private final boolean newer;
  private int cacheMarks;
  private boolean spoken;
  private boolean startedThinking;

  AnthropicBlocks(boolean newer) {
    this.newer = newer;
  }

  int cacheMarks() {
    return cacheMarks;
  }

  /// Begins a turn of the assistant.
  void newTurn() {
    spoken = false;
    startedThinking = false;
  }

  void countMark(@Nullable Object block) {
    if (get(block, "cache_control") != null) {
      cacheMarks++;
    }
  }

  /// Checks the content of a system message within the conversation.
  void checkSystem(@Nullable Object content, String path) {
    if (content instanceof List<?> parts) {
      for (int i = 0; i < parts.size(); i++) {
        if (!text(parts.get(i), "type", "").equals("text")) {
          throw new Refused(path + ".content." + i + ".type: Input should be 'text'");
        }
        check(parts.get(i), path + ".content." + i, "system");
      }
    } else if (!(content instanceof String)) {
      throw new Refused(path + ".content: Field required");
    }
  }

  /// Checks a block of a message of `role`.
  void check(@Nullable Object block, String path, String role) {
    if (!(block instanceof Map)) {
      throw new Refused(path + ": Input should be an object");
    }
    String type = text(block, "type");
    if (type == null) {
      throw new Refused(path + ".type: Field required");
    }
    if (!TYPES.contains(type) && !type.endsWith("_tool_result")) {
      throw new Refused(
          path
              + ": Input tag '"
              + type
              + "' found using 'type' does not match any of the expected tags");
    }
    countMark(block);
    if (role.equals("assistant")) {
      checkOrder(type, path);
    }
    switch (type) {
      case "text" -> checkText(block, path, role);
      case "image" -> checkImage(get(block, "source"), path + ".image.source");
      case "tool_use" -> checkToolUse(block, path, role);
      case "tool_result" -> checkToolResult(block, path, role);
      case "thinking" -> checkThinking(block, path);
      case "redacted_thinking" -> required(block, "data", path + ".redacted_thinking");
      case "document" -> checkDocument(path, role);
      default -> {}
    }
  }

  /// Thinking comes first where tools are called.
  private void checkOrder(String type, String path) {
    boolean thinking = type.equals("thinking") || type.equals("redacted_thinking");
    if (thinking && spoken && !startedThinking) {
      throw new Refused(
          path
              + ".type: When `thinking` is enabled, a turn must start with a thinking block"
              + " preceding the others, but found `"
              + type
              + "` after them.");
    }
    startedThinking |= thinking;
    spoken |= !thinking;
  }

  private static void required(Object block, String name, String path) {
    if (get(block, name) == null) {
      throw new Refused(path + "." + name + ": Field required");
    }
  }

  private void checkText(Object block, String path, String role) {
    required(block, "text", path + ".text");
    if (!(get(block, "text") instanceof String text)) {
      throw new Refused(path + ".text.text: Input should be a valid string");
    }
    if (text.isEmpty()) {
      throw new Refused("messages: text content blocks must be non-empty");
    }
    if (newer && role.equals("user") && !list(block, "citations").isEmpty()) {
      throw new Refused(path + ".text.citations: Extra inputs are not permitted");
    }
  }

  private void checkDocument(String path, String role) {
    if (newer && role.equals("assistant")) {
      throw new Refused(path + ": `document` blocks are not permitted in assistant messages");
    }
  }

  private static void checkImage(@Nullable Object source, String path) {
    String type = text(source, "type", "");
    switch (type) {
      case "base64" -> {
        required(source == null ? Json.NULL : source, "data", path + ".base64");
        AnthropicRules.oneOf(source, "media_type", path + ".base64.media_type", IMAGES);
      }
      case "url" -> {
        if (!text(source, "url", "").startsWith("https://")) {
          throw new Refused("Only HTTPS URLs are supported.");
        }
      }
      case "file" -> {}
      default ->
          throw new Refused(
              path
                  + ": Input tag '"
                  + type
                  + "' found using 'type' does not match any of the expected tags: 'base64', 'file',"
                  + " 'url'");
    }
  }

  private static void checkToolUse(Object block, String path, String role) {
    if (!role.equals("assistant")) {
      throw new Refused("messages: `tool_use` blocks can only be in `assistant` messages");
    }
    checkId(text(block, "id"), path + ".tool_use.id");
    String name = text(block, "name", "");
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          path + ".tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    }
    required(block, "input", path + ".tool_use");
    if (!(get(block, "input") instanceof Map)) {
      throw new Refused(path + ".tool_use.input: Input should be a valid dictionary");
    }
  }

  private static void checkId(@Nullable String id, String path) {
    if (id == null) {
      throw new Refused(path + ": Field required");
    }
    if (!ID.matcher(id).matches()) {
      throw new Refused(path + ": String should match pattern '^[a-zA-Z0-9_-]+$'");
    }
  }

  private void checkToolResult(Object block, String path, String role) {
    if (!role.equals("user")) {
      throw new Refused("messages: `tool_result` blocks can only be in `user` messages");
    }
    checkId(text(block, "tool_use_id"), path + ".tool_result.tool_use_id");
    List<?> parts = list(block, "content");
    for (int i = 0; i < parts.size(); i++) {
      String at = path + ".tool_result.content." + i;
      String type = text(parts.get(i), "type", "");
      if (!IN_RESULTS.contains(type)) {
        throw new Refused(
            at
                + ": Input tag '"
                + type
                + "' found using 'type' does not match any of the expected tags");
      }
      countMark(parts.get(i));
      if (type.equals("text") && text(parts.get(i), "text", "").isEmpty()) {
        throw new Refused("messages: text content blocks must be non-empty");
      }
      if (type.equals("image")) {
        checkImage(get(parts.get(i), "source"), at + ".image.source");
      }
    }
  }

  private static void checkThinking(Object block, String path) {
    required(block, "thinking", path + ".thinking");
    required(block, "signature", path + ".thinking");
    if (!RequestRules.SIGNATURE.equals(get(block, "signature"))) {
      throw new Refused(path + ": Invalid `signature` in `thinking` block");
    }
  }
}
