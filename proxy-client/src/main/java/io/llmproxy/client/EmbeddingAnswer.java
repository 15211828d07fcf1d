package io.llmproxy.client;

import java.util.List;

/// Embedded texts.
///
/// @param vectors one for each text, in the request's order
/// @param inputTokens 0 where the provider did not say
/// @param json the body as it came
public record EmbeddingAnswer(
    List<float[]> vectors, long inputTokens, String json, ReplyInfo info) {

  public EmbeddingAnswer {
    vectors = List.copyOf(vectors);
  }
}
