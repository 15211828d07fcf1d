package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.number;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What Grok refuses.
final class GrokRules implements RequestRules {

  private static final Fields FIELDS =
      ChatFields.OPENAI.and(
          Fields.of(
              """
              boolean: deferred parallel_function_calling
              object:  search_parameters
              texts:   input
              """));

  private static final Pattern REASONS = Pattern.compile("grok-(3-mini|4|[5-9]|code).*");
  private static final Pattern TAKES_EFFORT =
      Pattern.compile("grok-(3-mini|4\\.(3|[5-9])|[5-9])(?!\\d).*|grok-4\\.20.*multi-agent.*");

  @Override
  public void check(Map<String, Object> body, Asked asked) {
    if (asked.endpoint() == Endpoint.EMBEDDINGS) {
      return;
    }
    String wrong = FIELDS.wrong(body);
    if (wrong != null) {
      Object value = body.getOrDefault(wrong, Json.NULL);
      throw new Refused(
          422,
          "Failed to deserialize the JSON body into the target type: %s: invalid type: %s, expected %s"
              .formatted(wrong, Kind.of(value), FIELDS.kind(wrong).words()),
          "",
          "");
    }
    if (get(body, "tools") instanceof List<?> tools && tools.isEmpty()) {
      throw new Refused("Invalid arguments passed to the model: tools must not be empty.");
    }
    if (get(body, "search_parameters") != null) {
      throw new Refused("Live search is deprecated. Please switch to the Agent Tools API.");
    }
    Double topLogprobs = number(body, "top_logprobs");
    if (topLogprobs != null && (topLogprobs < 0 || topLogprobs > 8)) {
      throw new Refused("top_logprobs must be between 0 and 8.");
    }
    checkModel(body, asked.model());
  }

  private static void checkModel(Map<String, Object> body, String model) {
    boolean plain = model.contains("non-reasoning");
    if (REASONS.matcher(model).matches() && !plain) {
      unsupported(body, "presence_penalty", "presencePenalty");
      unsupported(body, "frequency_penalty", "frequencyPenalty");
      unsupported(body, "stop", "stop");
    }
    boolean effort = TAKES_EFFORT.matcher(model).matches() && !plain;
    if (get(body, "reasoning_effort") != null && model.startsWith("grok-") && !effort) {
      throw new Refused("Model " + model + " does not support parameter reasoningEffort.");
    }
  }

  private static void unsupported(Map<String, Object> body, String name, String called) {
    if (get(body, name) != null) {
      throw new Refused("Argument not supported on this model: " + called);
    }
  }
}
