package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.isTrue;
import static io.llmproxy.bench.simulator.rules.Json.list;
import static io.llmproxy.bench.simulator.rules.Json.map;
import static io.llmproxy.bench.simulator.rules.Json.number;
import static io.llmproxy.bench.simulator.rules.Json.text;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What OpenAI refuses in Chat Completions; Responses and embeddings have rules of their own.
final class OpenAiRules implements RequestRules {

  static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  static final List<String> TIERS = List.of("auto", "default", "flex", "scale", "priority", "fast");

  private static final Pattern REASONS = Pattern.compile("o\\d.*|gpt-([5-9]|\\d\\d)(?!\\d).*");
  private static final Pattern RESPONSES_ONLY =
      Pattern.compile("gpt-5-pro|gpt-5-codex|gpt-5\\.1-codex(-mini)?");
  private static final Pattern NO_STOP = Pattern.compile("(o3|o4-mini)(-.*)?");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private static final OpenAiResponsesRules RESPONSES = new OpenAiResponsesRules();

  @Override
  public void check(Map<String, Object> body, Asked asked) {
    switch (asked.endpoint()) {
      case CHAT -> checkChat(body, asked.model());
      case RESPONSES -> RESPONSES.check(body, asked);
      case EMBEDDINGS -> EmbeddingRules.check(body, asked.model());
      case COUNT_TOKENS -> {}
    }
  }

  private static void checkChat(Map<String, Object> body, String model) {
    String unknown = ChatFields.OPENAI.unknown(body);
    if (unknown != null) {
      throw new Refused("Unrecognized request argument supplied: " + unknown);
    }
    checkKinds(ChatFields.OPENAI, body);
    if (RESPONSES_ONLY.matcher(model).matches()) {
      throw new Refused(
          404,
          "This model is only supported in v1/responses and not in v1/chat/completions.",
          "model",
          "");
    }
    if (get(body, "messages") == null) {
      throw missing("messages");
    }
    checkValues(body);
    checkStop(body, model);
    checkStreamOptions(body);
    checkTools(body);
    checkFormat(body);
    OpenAiMessages.check(list(body, "messages"));
    checkReasoning(body, model);
  }

  static void checkKinds(Fields fields, Map<String, Object> body) {
    String wrong = fields.wrong(body);
    if (wrong != null) {
      Object value = body.getOrDefault(wrong, Json.NULL);
      throw wrongKind(wrong, fields.kind(wrong).words(), value);
    }
  }

  static Refused wrongKind(String param, String expected, Object value) {
    return new Refused(
        400,
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(param, expected, Kind.of(value)),
        param,
        "invalid_type");
  }

  static Refused missing(String param) {
    return new Refused(
        400, "Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
  }

  static Refused unknownValue(String param, Object value, List<String> words) {
    return new Refused(
        400,
        "Invalid value: '%s'. Supported values are: '%s'."
            .formatted(value, String.join("', '", words)),
        param,
        "invalid_value");
  }

  static void oneOf(@Nullable Object object, String name, String param, List<String> words) {
    Object value = get(object, name);
    if (value != null && !words.contains(value)) {
      throw unknownValue(param, value, words);
    }
  }

  private static void checkValues(Map<String, Object> body) {
    oneOf(body, "reasoning_effort", "reasoning_effort", EFFORTS);
    oneOf(body, "verbosity", "verbosity", List.of("low", "medium", "high"));
    oneOf(body, "service_tier", "service_tier", TIERS);
    range(body, "temperature", 0, 2);
    range(body, "presence_penalty", -2, 2);
    range(body, "frequency_penalty", -2, 2);
    range(body, "top_logprobs", 0, 20);
    checkLabels(body);
  }

  /// Identifiers and metadata, which Responses has too.
  static void checkLabels(Map<String, Object> body) {
    tooLong(text(body, "safety_identifier", ""), "safety_identifier", 128);
    Map<?, ?> metadata = map(body, "metadata");
    if (metadata.size() > 16) {
      throw new Refused(
          400,
          "Invalid 'metadata': too many properties. Expected an object with at most 16 properties,"
              + " but got an object with %d properties instead.".formatted(metadata.size()),
          "metadata",
          "object_above_max_properties");
    }
    for (Map.Entry<?, ?> pair : metadata.entrySet()) {
      tooLong(String.valueOf(pair.getKey()), "metadata", 64);
      if (!(pair.getValue() instanceof String value)) {
        throw wrongKind("metadata." + pair.getKey(), "a string", pair.getValue());
      }
      tooLong(value, "metadata." + pair.getKey(), 512);
    }
  }

  private static void tooLong(String text, String param, int most) {
    if (text.length() > most) {
      throw new Refused(
          400,
          "Invalid '%s': string too long. Expected a string with maximum length %d, but got a"
                  .formatted(param, most)
              + " string with length %d instead.".formatted(text.length()),
          param,
          "string_above_max_length");
    }
  }

  static void range(Map<String, Object> body, String name, int least, int most) {
    Double value = number(body, name);
    if (value == null || (value >= least && value <= most)) {
      return;
    }
    boolean above = value > most;
    throw new Refused(
        400,
        "Invalid '%s': decimal %s value. Expected a value %s %d, but got %s instead."
            .formatted(
                name,
                above ? "above maximum" : "below minimum",
                above ? "<=" : ">=",
                above ? most : least,
                body.get(name)),
        name,
        above ? "decimal_above_max_value" : "decimal_below_min_value");
  }

  private static void checkStop(Map<String, Object> body, String model) {
    int stops = list(body, "stop").size();
    if (stops > 4) {
      throw new Refused(
          400,
          "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array"
              + " with length %d instead.".formatted(stops),
          "stop",
          "array_above_max_length");
    }
    if (get(body, "stop") != null && NO_STOP.matcher(model).matches()) {
      throw unsupported("stop", "");
    }
  }

  static void checkStreamOptions(Map<String, Object> body) {
    if (get(body, "stream_options") != null && !isTrue(body, "stream")) {
      throw new Refused(
          400,
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          "stream_options",
          "");
    }
  }

  private static void checkTools(Map<String, Object> body) {
    List<?> tools = list(body, "tools");
    for (int i = 0; i < tools.size(); i++) {
      String path = "tools[" + i + "]";
      String type = text(tools.get(i), "type");
      if (type == null) {
        throw missing(path + ".type");
      }
      oneOf(tools.get(i), "type", path + ".type", List.of("function", "custom"));
      Object definition = get(tools.get(i), type);
      if (definition == null) {
        throw missing(path + "." + type);
      }
      checkName(text(definition, "name"), path + "." + type + ".name");
      checkParameters(definition, path);
    }
    Object choice = get(body, "tool_choice");
    if (choice instanceof String word) {
      oneOf(Map.of("", word), "", "tool_choice", List.of("none", "auto", "required"));
    } else if (choice != null) {
      oneOf(choice, "type", "tool_choice.type", List.of("function", "allowed_tools", "custom"));
      String type = text(choice, "type");
      if (type == null || get(choice, type) == null) {
        throw missing("tool_choice." + (type == null ? "type" : type));
      }
    }
  }

  static void checkName(@Nullable String name, String path) {
    if (name == null) {
      throw missing(path);
    }
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          400,
          "Invalid '%s': string does not match pattern. Expected a string that matches the pattern"
                  .formatted(path)
              + " '^[a-zA-Z0-9_-]+$'.",
          path,
          "invalid_value");
    }
  }

  private static void checkParameters(Object definition, String path) {
    Object parameters = get(definition, "parameters");
    if (parameters != null && isTrue(definition, "strict")) {
      String name = "function '" + text(definition, "name", "") + "'";
      checkStrict(parameters, name, path + ".function.parameters");
    }
  }

  static void checkStrict(@Nullable Object schema, String what, String param) {
    String fault = schema instanceof Map<?, ?> map ? Schemas.strictFault(map) : "not an object";
    if (fault != null) {
      throw new Refused(
          400, "Invalid schema for " + what + ": " + fault, param, "invalid_function_parameters");
    }
  }

  private static void checkFormat(Map<String, Object> body) {
    Object format = get(body, "response_format");
    if (format == null) {
      return;
    }
    String type = text(format, "type");
    if (type == null) {
      throw missing("response_format.type");
    }
    oneOf(format, "type", "response_format.type", List.of("json_object", "json_schema", "text"));
    if (type.equals("json_schema")) {
      Object schema = get(format, "json_schema");
      if (schema == null) {
        throw missing("response_format.json_schema");
      }
      checkName(text(schema, "name"), "response_format.json_schema.name");
      if (isTrue(schema, "strict")) {
        String what = "response_format '" + text(schema, "name", "") + "'";
        checkStrict(get(schema, "schema"), what, "response_format");
      }
    }
  }

  private static void checkReasoning(Map<String, Object> body, String model) {
    if (!REASONS.matcher(model).matches()) {
      return;
    }
    if (get(body, "max_tokens") != null) {
      throw unsupported("max_tokens", " Use 'max_completion_tokens' instead.");
    }
    if ("none".equals(body.get("reasoning_effort"))) {
      return;
    }
    checkSampling(body);
    if (!map(body, "logit_bias").isEmpty()) {
      throw unsupported("logit_bias", "");
    }
    if (isTrue(body, "logprobs")) {
      throw unsupported("logprobs", "");
    }
  }

  private static void checkSampling(Map<String, Object> body) {
    onlyDefault(body, "temperature", 1);
    onlyDefault(body, "top_p", 1);
    onlyDefault(body, "presence_penalty", 0);
    onlyDefault(body, "frequency_penalty", 0);
  }

  /// What Responses refuses of a model that reasons.
  static void checkResponsesSampling(Map<String, Object> body, String model) {
    boolean reasons = REASONS.matcher(model).matches();
    if (reasons && !text(body.get("reasoning"), "effort", "").equals("none")) {
      onlyDefault(body, "temperature", 1);
      onlyDefault(body, "top_p", 1);
    }
  }

  private static void onlyDefault(Map<String, Object> body, String name, int usual) {
    Double value = number(body, name);
    if (value != null && value != usual) {
      throw new Refused(
          400,
          "Unsupported value: '%s' does not support %s with this model. Only the default (%d) value"
                  .formatted(name, body.get(name), usual)
              + " is supported.",
          name,
          "unsupported_value");
    }
  }

  private static Refused unsupported(String param, String instead) {
    return new Refused(
        400,
        "Unsupported parameter: '" + param + "' is not supported with this model." + instead,
        param,
        "unsupported_parameter");
  }
}
