package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What Anthropic refuses in `tools` and `tool_choice`.
final class AnthropicTools {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
  private static final Pattern SERVER_TYPE = Pattern.compile("[a-z_]+_\\d{8}");
  private static final List<String> CHOICES = List.of("auto", "any", "tool", "none");

  private static final Fields CUSTOM =
      Fields.of(
          """
          string:  name description type
          object:  input_schema cache_control
          boolean: strict defer_loading eager_input_streaming
          array:   input_examples allowed_callers
          """);

  private AnthropicTools() {}

  static void check(Map<String, Object> body, @Nullable ClaudeTraits traits) {
    List<?> tools = list(body, "tools");
    for (int i = 0; i < tools.size(); i++) {
      checkTool(tools.get(i), "tools." + i);
    }
    Object choice = get(body, "tool_choice");
    if (choice != null) {
      checkChoice(choice, body, tools.isEmpty(), traits);
    }
  }

  private static void checkTool(@Nullable Object tool, String path) {
    if (!(tool instanceof Map<?, ?> map)) {
      throw new Refused(path + ": Input should be an object");
    }
    String type = text(tool, "type", "custom");
    if (SERVER_TYPE.matcher(type).matches()) {
      return;
    }
    if (!type.equals("custom")) {
      throw new Refused(
          path
              + ": Input tag '"
              + type
              + "' found using 'type' does not match any of the expected tags");
    }
    String extra = CUSTOM.unknown(map);
    if (extra != null) {
      throw new Refused(path + ".custom." + extra + ": Extra inputs are not permitted");
    }
    String wrong = CUSTOM.wrong(map);
    if (wrong != null) {
      throw new Refused(
          path + ".custom." + wrong + ": " + AnthropicRules.wordsOf(CUSTOM.kind(wrong)));
    }
    checkCustom(tool, path);
  }

  private static void checkCustom(Object tool, String path) {
    String name = text(tool, "name");
    if (name == null) {
      throw new Refused(path + ".custom.name: Field required");
    }
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          path + ".custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    }
    Object schema = get(tool, "input_schema");
    if (schema == null) {
      throw new Refused(path + ".custom.input_schema: Field required");
    }
    Object type = get(schema, "type");
    if (type == null) {
      throw new Refused(path + ".custom.input_schema.type: Field required");
    }
    if (!type.equals("object")) {
      throw new Refused(path + ".custom.input_schema.type: Input should be 'object'");
    }
  }

  private static void checkChoice(
      Object choice, Map<String, Object> body, boolean noTools, @Nullable ClaudeTraits traits) {
    String type = text(choice, "type", "");
    if (!CHOICES.contains(type)) {
      throw new Refused(
          "tool_choice: Input tag '%s' found using 'type' does not match any of the expected tags:"
                  .formatted(type)
              + " 'auto', 'any', 'tool', 'none'");
    }
    if (noTools) {
      throw new Refused("tool_choice may only be specified while providing tools.");
    }
    if (type.equals("none") && get(choice, "disable_parallel_tool_use") != null) {
      throw new Refused(
          "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted");
    }
    if (type.equals("tool") && text(choice, "name") == null) {
      throw new Refused("tool_choice.tool.name: Field required");
    }
    if (type.equals("any") || type.equals("tool")) {
      checkForced(type, body, traits);
    }
  }

  private static void checkForced(
      String type, Map<String, Object> body, @Nullable ClaudeTraits traits) {
    if (traits != null && !traits.forced()) {
      throw new Refused("tool_choice: '" + type + "' is not supported on this model");
    }
    if (text(get(body, "thinking"), "type", "").equals("enabled")) {
      throw new Refused("Thinking may not be enabled when tool_choice forces tool use.");
    }
  }
}
