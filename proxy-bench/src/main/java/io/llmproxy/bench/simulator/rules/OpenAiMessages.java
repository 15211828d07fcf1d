package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What OpenAI refuses in Chat Completions' messages.
final class OpenAiMessages {

  private static final List<String> ROLES =
      List.of("system", "assistant", "user", "function", "tool", "developer");
  private static final List<String> USER_PARTS =
      List.of("text", "image_url", "input_audio", "file");
  private static final List<String> ASSISTANT_PARTS = List.of("text", "refusal");
  private static final List<String> TEXT_PARTS = List.of("text");

  private OpenAiMessages() {}

  static void check(List<?> messages) {
    if (messages.isEmpty()) {
      throw new Refused(
          400,
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.",
          "messages",
          "empty_array");
    }
    Set<String> open = new LinkedHashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      checkOne(messages.get(i), "messages[" + i + "]");
      checkAnswers(messages.get(i), i, open);
    }
    checkAllAnswered(open);
  }

  private static void checkOne(@Nullable Object message, String path) {
    if (!(message instanceof Map)) {
      throw OpenAiRules.wrongKind(path, "an object", message == null ? Json.NULL : message);
    }
    String role = text(message, "role");
    if (role == null) {
      throw OpenAiRules.missing(path + ".role");
    }
    OpenAiRules.oneOf(message, "role", path + ".role", ROLES);
    Object content = get(message, "content");
    if (content == null && !role.equals("assistant") && !role.equals("function")) {
      throw new Refused(
          400, "Invalid value for 'content': expected a string, got null.", path + ".content", "");
    }
    if (content instanceof List<?> parts) {
      checkParts(parts, path + ".content", role);
    } else if (content != null && !(content instanceof String)) {
      throw OpenAiRules.wrongKind(path + ".content", "a string or an array of objects", content);
    }
    checkCalls(list(message, "tool_calls"), path + ".tool_calls");
  }

  private static void checkParts(List<?> parts, String path, String role) {
    List<String> kinds =
        switch (role) {
          case "user" -> USER_PARTS;
          case "assistant" -> ASSISTANT_PARTS;
          default -> TEXT_PARTS;
        };
    for (int i = 0; i < parts.size(); i++) {
      String at = path + "[" + i + "]";
      String type = text(parts.get(i), "type");
      if (type == null) {
        throw OpenAiRules.missing(at + ".type");
      }
      OpenAiRules.oneOf(parts.get(i), "type", at + ".type", kinds);
      if (get(parts.get(i), type) == null) {
        throw OpenAiRules.missing(at + "." + type);
      }
      if (type.equals("image_url")) {
        checkImage(get(parts.get(i), type), at + ".image_url");
      }
    }
  }

  private static void checkImage(@Nullable Object image, String path) {
    if (image instanceof String) {
      throw OpenAiRules.wrongKind(path, "an object", image);
    }
    if (text(image, "url") == null) {
      throw OpenAiRules.missing(path + ".url");
    }
  }

  private static void checkCalls(List<?> calls, String path) {
    for (int i = 0; i < calls.size(); i++) {
      String at = path + "[" + i + "]";
      if (text(calls.get(i), "id") == null) {
        throw OpenAiRules.missing(at + ".id");
      }
      String type = text(calls.get(i), "type");
      if (type == null) {
        throw OpenAiRules.missing(at + ".type");
      }
      OpenAiRules.oneOf(calls.get(i), "type", at + ".type", List.of("function", "custom"));
      if (type.equals("function")) {
        checkFunction(get(calls.get(i), "function"), at + ".function");
      }
    }
  }

  private static void checkFunction(@Nullable Object function, String path) {
    if (text(function, "name") == null) {
      throw OpenAiRules.missing(path + ".name");
    }
    Object arguments = get(function, "arguments");
    if (arguments == null) {
      throw OpenAiRules.missing(path + ".arguments");
    }
    if (!(arguments instanceof String)) {
      throw OpenAiRules.wrongKind(path + ".arguments", "a string", arguments);
    }
  }

  /// `open` are the calls not answered yet.
  private static void checkAnswers(@Nullable Object message, int index, Set<String> open) {
    if (text(message, "role", "").equals("tool")) {
      String id = text(message, "tool_call_id");
      if (id == null) {
        throw OpenAiRules.missing("messages[" + index + "].tool_call_id");
      }
      if (!open.remove(id)) {
        throw new Refused(
            400,
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding"
                + " message with 'tool_calls'.",
            "messages.[" + index + "].role",
            "");
      }
      return;
    }
    checkAllAnswered(open);
    for (Object call : list(message, "tool_calls")) {
      open.add(text(call, "id", ""));
    }
  }

  private static void checkAllAnswered(Set<String> open) {
    if (!open.isEmpty()) {
      throw new Refused(
          400,
          "An assistant message with 'tool_calls' must be followed by tool messages responding to"
              + " each 'tool_call_id'. The following tool_call_ids did not have response messages: "
              + String.join(", ", open),
          "messages",
          "");
    }
  }
}
