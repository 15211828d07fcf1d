package io.llmproxy.bench.simulator.rules;

import static io.llmproxy.bench.simulator.rules.Json.get;
import static io.llmproxy.bench.simulator.rules.Json.list;

import java.util.List;
import java.util.Map;

/// What OpenAI refuses in a request for embeddings.
final class EmbeddingRules {

  private static final Fields FIELDS =
      Fields.of(
          """
          string:  model encoding_format user
          texts:   input
          integer: dimensions
          """);

  private static final int MAX_INPUTS = 2048;

  private EmbeddingRules() {}

  static void check(Map<String, Object> body, String model) {
    String unknown = FIELDS.unknown(body);
    if (unknown != null) {
      throw new Refused("Unrecognized request argument supplied: " + unknown);
    }
    OpenAiRules.checkKinds(FIELDS, body);
    if (get(body, "input") == null) {
      throw OpenAiRules.missing("input");
    }
    OpenAiRules.oneOf(body, "encoding_format", "encoding_format", List.of("float", "base64"));
    int inputs = list(body, "input").size();
    if (inputs > MAX_INPUTS) {
      throw new Refused(
          400,
          "Invalid 'input': array too long. Expected an array with maximum length 2048, but got an"
              + " array with length %d instead.".formatted(inputs),
          "input",
          "array_above_max_length");
    }
    if (get(body, "dimensions") != null && model.equals("text-embedding-ada-002")) {
      throw new Refused("This model does not support specifying dimensions.");
    }
  }
}
