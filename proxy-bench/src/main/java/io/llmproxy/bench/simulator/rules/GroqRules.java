package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.number;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;

/// What Groq refuses.
final class GroqRules implements RequestRules {

  private static final Fields FIELDS =
      ChatFields.OPENAI
          .without("logprobs", "top_logprobs", "logit_bias")
          .and(
              Fields.of(
                  """
                  string:  reasoning_format
                  boolean: include_reasoning disable_tool_validation
                  any:     citation_options documents search_settings compound_custom
                  any:     exclude_domains include_domains
                  """));

  private static final int MAX_TOOLS = 128;
  private static final List<String> FORMATS = List.of("parsed", "raw", "hidden");
  private static final List<String> TIERS = List.of("auto", "on_demand", "flex", "performance");
  private static final List<String> ROLES =
      List.of("system", "user", "assistant", "tool", "function");

  @Override
  public void check(Map<String, Object> body, Asked asked) {
    if (asked.endpoint() != Endpoint.CHAT) {
      return;
    }
    String unknown = FIELDS.unknown(body);
    if (unknown != null) {
      throw new Refused("property '" + unknown + "' is unsupported");
    }
    String wrong = FIELDS.wrong(body);
    if (wrong != null) {
      throw new Refused("'" + wrong + "' : value must be " + FIELDS.kind(wrong).words());
    }
    if (list(body, "messages").isEmpty()) {
      throw new Refused("'messages' : minimum number of items is 1");
    }
    Double n = number(body, "n");
    if (n != null && n != 1) {
      throw new Refused("'n' : number must be at most 1");
    }
    checkMessages(list(body, "messages"));
    oneOf(body, "service_tier", TIERS);
    checkReasoning(body, asked.model());
    checkTools(list(body, "tools"));
  }

  private static void oneOf(Map<String, Object> body, String name, List<String> words) {
    Object value = get(body, name);
    if (value != null && !words.contains(value)) {
      throw new Refused(
          "'" + name + "' : value must be one of [`" + String.join("`, `", words) + "`]");
    }
  }

  private static void checkMessages(List<?> messages) {
    for (int i = 0; i < messages.size(); i++) {
      String role = text(messages.get(i), "role", "");
      if (!ROLES.contains(role)) {
        throw new Refused("'messages." + i + "' : discriminator property 'role' has invalid value");
      }
      if (get(messages.get(i), "name") != null) {
        throw unsatisfied(i, role, "property 'name' is unsupported");
      }
      if (role.equals("tool") && text(messages.get(i), "tool_call_id") == null) {
        throw unsatisfied(i, role, "property 'tool_call_id' is missing");
      }
    }
  }

  private static Refused unsatisfied(int index, String role, String what) {
    return new Refused(
        "'messages.%d' : for 'role:%s' the following must be satisfied[('messages.%d' : %s)]"
            .formatted(index, role, index, what));
  }

  private static void checkReasoning(Map<String, Object> body, String model) {
    oneOf(body, "reasoning_format", FORMATS);
    boolean format = get(body, "reasoning_format") != null;
    if (format && get(body, "include_reasoning") != null) {
      throw new Refused("cannot specify both `include_reasoning` and `reasoning_format`");
    }
    boolean json =
        text(body.get("response_format"), "type", "text").startsWith("json")
            || !list(body, "tools").isEmpty();
    if (json && "raw".equals(body.get("reasoning_format"))) {
      throw new Refused(
          "`reasoning_format` must be set to either `parsed` or `hidden` when using JSON mode or"
              + " tools");
    }
    if (model.startsWith("openai/gpt-oss")) {
      oneOf(body, "reasoning_effort", List.of("low", "medium", "high"));
    } else if (model.startsWith("qwen/qwen3.8-27b")) {
      oneOf(body, "reasoning_effort", List.of("none", "default", "low", "medium", "high"));
    } else if (model.startsWith("qwen/qwen3")) {
      oneOf(body, "reasoning_effort", List.of("none", "default"));
    }
  }

  private static void checkTools(List<?> tools) {
    if (tools.size() > MAX_TOOLS) {
      throw new Refused("'tools' : maximum number of items is " + MAX_TOOLS);
    }
    for (int i = 0; i < tools.size(); i++) {
      boolean named = text(get(tools.get(i), "function"), "name") != null;
      if (text(tools.get(i), "type", "").equals("function") && !named) {
        throw new Refused("'tools." + i + "' : property 'function.name' is missing");
      }
    }
  }
}
