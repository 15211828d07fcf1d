package io.llmproxy.client;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;

/// What one call asks, whichever endpoint and model it is put to.
///
/// @param operation the path that follows an endpoint's own, such as `/chat/completions`
/// @param models the first, and those that stand in for it; one empty name where there is none
/// @param body gives the body for a model, owned by its taker
record Ask(
    String method,
    String operation,
    List<String> models,
    BodyOf body,
    boolean streamed,
    Duration deadline) {

  /// Writes a body.
  @FunctionalInterface
  interface BodyOf {
    ByteBuf of(String model);
  }
}
