package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.number;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Anthropic refuses in Messages and in counting their tokens.
final class AnthropicRules implements RequestRules {

  /// The version from which on sampling is no longer asked for.
  static final String NEWER = "2026-10-21";

  private static final String OLDER = "2023-06-01";

  private static final Fields COUNTED =
      Fields.of(
          """
          string:  model service_tier speed inference_geo
          array:   messages tools stop_sequences
          texts:   system
          object:  tool_choice thinking output_config output_format metadata cache_control diagnostics
          choice:  container
          """);

  private static final Fields SAMPLING =
      Fields.of(
          """
          number:  temperature top_p
          integer: top_k
          """);

  private static final Fields BETA =
      Fields.of(
          """
          any: mcp_servers context_management thread fallbacks safeguards compaction
          """);

  private static final Fields LIMITS =
      Fields.of(
          """
          integer: max_tokens
          boolean: stream
          """);

  private static final Fields ANSWERED = COUNTED.and(LIMITS);
  private static final Fields EVERY = ANSWERED.and(SAMPLING).and(BETA);

  private static final Fields METADATA = Fields.of("string: user_id");

  @Override
  public void check(Map<String, Object> body, Asked asked) {
    if (!asked.version().equals(OLDER) && !asked.version().equals(NEWER)) {
      throw new Refused("anthropic-version: \"" + asked.version() + "\" is not a valid version");
    }
    boolean counts = asked.endpoint() == Endpoint.COUNT_TOKENS;
    checkKnown(body, asked, counts);
    required(body, "model");
    if (!counts) {
      required(body, "max_tokens");
    }
    required(body, "messages");
    String wrong = EVERY.wrong(body);
    if (wrong != null) {
      throw new Refused(wrong + ": " + wordsOf(EVERY.kind(wrong)));
    }
    checkValues(body);
    ClaudeTraits traits = ClaudeTraits.of(asked.model());
    AnthropicTools.check(body, traits);
    new AnthropicTurns(body, asked.version().equals(NEWER)).check(traits);
    AnthropicThinking.check(body, traits);
    checkSampling(body, traits);
    checkLimit(body, asked.model(), traits);
  }

  private static void checkKnown(Map<String, Object> body, Asked asked, boolean counts) {
    Fields known = counts ? COUNTED : ANSWERED;
    String unknown = known.unknown(body);
    if (unknown == null) {
      return;
    }
    Fields all = asked.version().equals(OLDER) ? known.and(SAMPLING) : known;
    unknown = (asked.beta() ? all.and(BETA) : all).unknown(body);
    if (unknown != null) {
      throw new Refused(unknown + ": Extra inputs are not permitted");
    }
  }

  private static void required(Map<String, Object> body, String name) {
    if (get(body, name) == null) {
      throw new Refused(name + ": Field required");
    }
  }

  static String wordsOf(Kind kind) {
    return switch (kind) {
      case STRING -> "Input should be a valid string";
      case INTEGER -> "Input should be a valid integer";
      case NUMBER -> "Input should be a valid number";
      case BOOLEAN -> "Input should be a valid boolean";
      case ARRAY, TEXTS -> "Input should be a valid list";
      case OBJECT, CHOICE, ANY -> "Input should be an object";
    };
  }

  private static void checkValues(Map<String, Object> body) {
    oneOf(body, "service_tier", "service_tier", List.of("auto", "standard_only"));
    oneOf(body, "speed", "speed", List.of("standard", "fast"));
    for (Object stop : list(body, "stop_sequences")) {
      if (!(stop instanceof String text)) {
        throw new Refused("stop_sequences: " + wordsOf(Kind.STRING));
      }
      if (text.isBlank()) {
        throw new Refused("stop_sequences: each stop sequence must contain non-whitespace");
      }
    }
    String extra = METADATA.unknown(Json.map(body, "metadata"));
    if (extra != null) {
      throw new Refused("metadata." + extra + ": Extra inputs are not permitted");
    }
    Double maxTokens = number(body, "max_tokens");
    if (maxTokens != null && maxTokens < 0) {
      throw new Refused("max_tokens: Input should be greater than or equal to 0");
    }
  }

  /// Refuses a word that is none of `words`.
  static void oneOf(@Nullable Object object, String name, String path, List<String> words) {
    Object value = get(object, name);
    if (value != null && !(value instanceof String word && words.contains(word))) {
      throw new Refused(path + ": Input should be '" + String.join("', '", words) + "'");
    }
  }

  private static void checkSampling(Map<String, Object> body, @Nullable ClaudeTraits traits) {
    Double temperature = number(body, "temperature");
    Double topP = number(body, "top_p");
    boolean topK = get(body, "top_k") != null;
    range(temperature, "temperature");
    range(topP, "top_p");
    if (traits != null && traits.sampling() && temperature != null && topP != null) {
      throw new Refused(
          "`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
    }
    String thinking = Json.text(body.get("thinking"), "type", "disabled");
    boolean fixed = traits != null && !traits.sampling();
    if (!fixed && thinking.equals("disabled")) {
      return;
    }
    String when = fixed ? " on this model." : " when thinking is enabled.";
    if (temperature != null && temperature != 1) {
      throw new Refused("`temperature` may only be set to 1" + when);
    }
    if (topP != null && topP != 1) {
      throw new Refused("`top_p` must be unset" + when);
    }
    if (topK) {
      throw new Refused("`top_k` must be unset" + when);
    }
  }

  private static void range(@Nullable Double value, String name) {
    if (value != null && value > 1) {
      throw new Refused(name + ": Input should be less than or equal to 1");
    }
    if (value != null && value < 0) {
      throw new Refused(name + ": Input should be greater than or equal to 0");
    }
  }

  private static void checkLimit(
      Map<String, Object> body, String model, @Nullable ClaudeTraits traits) {
    Double asked = number(body, "max_tokens");
    if (asked != null && traits != null && asked > traits.maxOutput()) {
      throw new Refused(
          "max_tokens: %d > %d, which is the maximum allowed number of output tokens for %s"
              .formatted(asked.longValue(), traits.maxOutput(), model));
    }
  }
}
