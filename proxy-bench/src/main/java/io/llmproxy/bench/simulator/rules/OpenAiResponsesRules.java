package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.isTrue;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What OpenAI refuses in Responses.
final class OpenAiResponsesRules {

  private static final Fields FIELDS =
      Fields.of(
          """
          string:  model instructions previous_response_id service_tier truncation
          string:  prompt_cache_key prompt_cache_retention safety_identifier user
          texts:   input
          integer: max_output_tokens max_tool_calls top_logprobs
          number:  temperature top_p
          boolean: parallel_tool_calls store background stream
          array:   tools include context_management
          object:  reasoning text metadata prompt_cache_options stream_options prompt moderation
          choice:  tool_choice conversation
          """);

  private static final List<String> ROLES = List.of("assistant", "system", "developer", "user");
  private static final List<String> PARTS =
      List.of("input_text", "input_image", "output_text", "refusal", "input_file");

  void check(Map<String, Object> body, Asked asked) {
    String unknown = FIELDS.unknown(body);
    if (unknown != null) {
      throw new Refused(400, "Unknown parameter: '" + unknown + "'.", unknown, "unknown_parameter");
    }
    OpenAiRules.checkKinds(FIELDS, body);
    boolean continued =
        get(body, "previous_response_id") != null || get(body, "conversation") != null;
    if (get(body, "input") == null && !continued && get(body, "prompt") == null) {
      throw OpenAiRules.missing("input");
    }
    Object reasoning = get(body, "reasoning");
    OpenAiRules.oneOf(reasoning, "effort", "reasoning.effort", OpenAiRules.EFFORTS);
    OpenAiRules.oneOf(
        reasoning, "summary", "reasoning.summary", List.of("auto", "concise", "detailed"));
    OpenAiRules.range(body, "temperature", 0, 2);
    OpenAiRules.range(body, "top_logprobs", 0, 20);
    OpenAiRules.checkLabels(body);
    OpenAiRules.checkStreamOptions(body);
    OpenAiRules.checkResponsesSampling(body, asked.model());
    checkTools(list(body, "tools"));
    checkFormat(get(get(body, "text"), "format"));
    checkItems(list(body, "input"), continued);
  }

  private static void checkTools(List<?> tools) {
    for (int i = 0; i < tools.size(); i++) {
      String path = "tools[" + i + "]";
      String type = text(tools.get(i), "type");
      if (type == null) {
        throw OpenAiRules.missing(path + ".type");
      }
      if (type.equals("function")) {
        OpenAiRules.checkName(text(tools.get(i), "name"), path + ".name");
        if (isTrue(tools.get(i), "strict")) {
          String what = "function '" + text(tools.get(i), "name", "") + "'";
          OpenAiRules.checkStrict(get(tools.get(i), "parameters"), what, path + ".parameters");
        }
      }
    }
  }

  private static void checkFormat(@Nullable Object format) {
    OpenAiRules.oneOf(
        format, "type", "text.format.type", List.of("text", "json_schema", "json_object"));
    if (text(format, "type", "").equals("json_schema")) {
      OpenAiRules.checkName(text(format, "name"), "text.format.name");
      if (get(format, "schema") == null) {
        throw OpenAiRules.missing("text.format.schema");
      }
      if (isTrue(format, "strict")) {
        String what = "response_format '" + text(format, "name", "") + "'";
        OpenAiRules.checkStrict(get(format, "schema"), what, "text.format.schema");
      }
    }
  }

  private static void checkItems(List<?> items, boolean continued) {
    Set<String> open = new LinkedHashSet<>();
    for (int i = 0; i < items.size(); i++) {
      Object item = items.get(i);
      String path = "input[" + i + "]";
      if (!(item instanceof Map)) {
        throw OpenAiRules.wrongKind(path, "an object", item == null ? Json.NULL : item);
      }
      switch (text(item, "type", "message")) {
        case "message" -> checkMessage(item, path);
        case "function_call" -> open.add(checkCall(item, path));
        case "function_call_output" -> checkOutput(item, path, open, continued);
        default -> {}
      }
    }
    if (!open.isEmpty()) {
      throw new Refused(
          400,
          "No tool output found for function call " + open.iterator().next() + ".",
          "input",
          "");
    }
  }

  private static void checkMessage(Object item, String path) {
    if (text(item, "role") == null) {
      throw OpenAiRules.missing(path + ".role");
    }
    OpenAiRules.oneOf(item, "role", path + ".role", ROLES);
    if (get(item, "content") == null) {
      throw OpenAiRules.missing(path + ".content");
    }
    List<?> parts = list(item, "content");
    for (int i = 0; i < parts.size(); i++) {
      String at = path + ".content[" + i + "]";
      if (text(parts.get(i), "type") == null) {
        throw OpenAiRules.missing(at + ".type");
      }
      OpenAiRules.oneOf(parts.get(i), "type", at + ".type", PARTS);
      Object image = get(parts.get(i), "image_url");
      if (image != null && !(image instanceof String)) {
        throw OpenAiRules.wrongKind(at + ".image_url", "an image URL", image);
      }
    }
  }

  private static String checkCall(Object item, String path) {
    String id = text(item, "call_id");
    if (id == null) {
      throw OpenAiRules.missing(path + ".call_id");
    }
    if (text(item, "name") == null) {
      throw OpenAiRules.missing(path + ".name");
    }
    Object arguments = get(item, "arguments");
    if (arguments == null) {
      throw OpenAiRules.missing(path + ".arguments");
    }
    if (!(arguments instanceof String)) {
      throw OpenAiRules.wrongKind(path + ".arguments", "a string", arguments);
    }
    return id;
  }

  private static void checkOutput(Object item, String path, Set<String> open, boolean continued) {
    String id = text(item, "call_id");
    if (id == null) {
      throw OpenAiRules.missing(path + ".call_id");
    }
    if (get(item, "output") == null) {
      throw OpenAiRules.missing(path + ".output");
    }
    if (!open.remove(id) && !continued) {
      throw new Refused(
          400, "No tool call found for function call output with call_id " + id + ".", "input", "");
    }
  }
}
