package io.llmproxy.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Texts to be embedded.
///
/// @param raw further members of the body as JSON text by name, such as `dimensions`
public record EmbeddingRequest(String model, List<String> input, Map<String, String> raw) {

  public EmbeddingRequest {
    input = List.copyOf(input);
    raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
  }

  public static EmbeddingRequest of(String model, String... input) {
    return new EmbeddingRequest(model, List.of(input), Map.of());
  }
}
