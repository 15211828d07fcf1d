package io.llmproxy.bench.simulator;

/// What one reply costs in tokens.
///
/// @param input the whole prompt, cached and written ones included
/// @param cached of the input: read from a cache
/// @param written of the input: written to a cache
/// @param output text, without reasoning
/// @param reasoning reasoning
public record Tokens(long input, long cached, long written, long output, long reasoning) {

  static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

  /// How many bytes of a request's body make one token of input.
  static final int BYTES_PER_TOKEN = 4;

  /// The tokens of a reply that tells them: a function of the body's length and the script alone.
  static Tokens of(long bodyBytes, Script script) {
    long input = Math.max(1, bodyBytes / BYTES_PER_TOKEN);
    long cached = Math.min(script.cached(), input);
    long written = Math.min(script.written(), input - cached);
    return new Tokens(input, cached, written, script.events(), script.think());
  }

  long uncached() {
    return input - cached - written;
  }

  /// What xAI bills for `grok-4.7`, 2, 0.50 and 6 dollars per million, in 10⁻¹⁰ dollars.
  long costTicks() {
    return (uncached() + written) * 20_000 + cached * 5_000 + (output + reasoning) * 60_000;
  }

  long total() {
    return input + output + reasoning;
  }
}
