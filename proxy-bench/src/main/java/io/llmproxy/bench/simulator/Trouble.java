package io.llmproxy.bench.simulator;

import io.llmproxy.bench.simulator.rules.Denial;
import org.jspecify.annotations.Nullable;

/// What goes wrong beside a [Fault] in the body, and for how long.
///
/// @param times how many requests of one prompt it befalls; 0 is all
/// @param forNanos how long it lasts from the model's first request on; 0 is for ever
/// @param denial what the provider refuses the request for; null for nothing
/// @param badKey what a credential contains that is wrong; empty for none
/// @param limitedKey likewise of one whose limit is reached
/// @param noPrefill whether the conversation may not end with the assistant
/// @param gzip whether the body is compressed unasked
/// @param endlessBytes the size of the one line a stream consists of; 0 for an ordinary stream
/// @param headBytes what fields the head has too many of
/// @param recovered what is played once it has passed; null if it does not pass
record Trouble(
    int times,
    long forNanos,
    @Nullable Denial denial,
    String badKey,
    String limitedKey,
    boolean noPrefill,
    boolean gzip,
    int endlessBytes,
    int headBytes,
    @Nullable Script recovered) {

  /// Whether the request's prompt decides how it is answered.
  boolean asksForPrompt() {
    return times > 0 || noPrefill;
  }
}
