package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.number;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Anthropic refuses in `thinking` and `output_config`.
final class AnthropicThinking {

  private static final List<String> TYPES =
      List.of("adaptive", "enabled", "disabled", "between_tools");
  private static final List<String> EFFORTS = List.of("low", "medium", "high", "xhigh", "max");
  private static final Fields CONFIG = Fields.of("any: effort format");

  private AnthropicThinking() {}

  static void check(Map<String, Object> body, @Nullable ClaudeTraits traits) {
    Object config = get(body, "output_config");
    String effort = effort(config, traits);
    checkFormat(get(config, "format"), "output_config.format");
    checkFormat(get(body, "output_format"), "output_format");
    Object thinking = get(body, "thinking");
    if (thinking == null) {
      return;
    }
    String type = text(thinking, "type");
    if (type == null || !TYPES.contains(type)) {
      throw new Refused(
          "thinking: Input tag '%s' found using 'type' does not match any of the expected tags: %s"
              .formatted(type, "'" + String.join("', '", TYPES) + "'"));
    }
    AnthropicRules.oneOf(
        thinking, "display", "thinking." + type + ".display", List.of("summarized", "omitted"));
    if (type.equals("enabled")) {
      checkBudget(thinking, number(body, "max_tokens"));
    } else if (get(thinking, "budget_tokens") != null) {
      throw new Refused("thinking." + type + ".budget_tokens: Extra inputs are not permitted");
    }
    if (traits != null) {
      checkLeave(type, effort, traits);
    }
  }

  private static String effort(@Nullable Object config, @Nullable ClaudeTraits traits) {
    if (config instanceof Map<?, ?> map) {
      String extra = CONFIG.unknown(map);
      if (extra != null) {
        throw new Refused("output_config." + extra + ": Extra inputs are not permitted");
      }
    }
    AnthropicRules.oneOf(config, "effort", "output_config.effort", EFFORTS);
    String effort = text(config, "effort", "");
    boolean never = traits != null && traits.efforts() == ClaudeTraits.Efforts.NONE;
    if (never && !effort.isEmpty()) {
      throw new Refused("This model does not support the effort parameter.");
    }
    boolean noXhigh = traits != null && traits.efforts() == ClaudeTraits.Efforts.NO_XHIGH;
    if (noXhigh && effort.equals("xhigh")) {
      throw new Refused("output_config.effort: 'xhigh' is not supported on this model");
    }
    return effort;
  }

  private static void checkFormat(@Nullable Object format, String path) {
    if (format == null) {
      return;
    }
    AnthropicRules.oneOf(format, "type", path + ".type", List.of("json_schema"));
    if (get(format, "type") == null) {
      throw new Refused(path + ".type: Field required");
    }
    if (!(get(format, "schema") instanceof Map<?, ?> schema)) {
      throw new Refused(path + ".schema: Field required");
    }
    Schemas.checkAnthropic(schema, path + ".schema");
  }

  private static void checkBudget(Object thinking, @Nullable Double maxTokens) {
    if (!(get(thinking, "budget_tokens") instanceof Long budget)) {
      throw new Refused("thinking.enabled.budget_tokens: Field required");
    }
    if (budget < 1024) {
      throw new Refused(
          "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
    }
    if (maxTokens != null && budget >= maxTokens) {
      throw new Refused(
          "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our"
              + " documentation at"
              + " https://docs.claude.com/en/docs/build-with-claude/extended-thinking");
    }
  }

  private static void checkLeave(String type, String effort, ClaudeTraits traits) {
    ClaudeTraits.Leave leave =
        switch (type) {
          case "enabled" -> traits.enabled();
          case "disabled" -> traits.disabled();
          case "between_tools" -> traits.betweenTools();
          default -> traits.adaptive();
        };
    boolean hard = effort.equals("xhigh") || effort.equals("max");
    if (leave == ClaudeTraits.Leave.NO) {
      throw new Refused("thinking.type: '" + type + "' is not supported on this model");
    }
    if (leave == ClaudeTraits.Leave.HIGH && hard) {
      throw new Refused(
          "thinking.type: '" + type + "' is not supported on this model with effort " + effort);
    }
  }
}
