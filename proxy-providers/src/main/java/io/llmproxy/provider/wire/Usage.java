package io.llmproxy.provider.wire;

/// Token counts of one exchange in disjoint counters: each token is counted in exactly one of them.
///
/// @param input neither read from nor written to a cache, text
/// @param cachedInput read from a cache
/// @param cacheWrite5m written to a cache that lives 5 minutes; likewise `1h`, `30m`, `12h`
/// @param inputAudio audio in
/// @param output text out, without reasoning
/// @param reasoning reasoning out
/// @param outputAudio audio out
/// @param reportedTotal the provider's own total, 0 where it gave none; never added to anything
public record Usage(
    long input,
    long cachedInput,
    long cacheWrite5m,
    long cacheWrite1h,
    long cacheWrite30m,
    long cacheWrite12h,
    long inputAudio,
    long output,
    long reasoning,
    long outputAudio,
    long reportedTotal) {

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// All tokens written to a cache.
  public long cacheWrite() {
    return cacheWrite5m + cacheWrite1h + cacheWrite30m + cacheWrite12h;
  }

  /// All tokens of the prompt.
  public long totalInput() {
    return input + cachedInput + cacheWrite() + inputAudio;
  }

  /// All tokens of the answer.
  public long totalOutput() {
    return output + reasoning + outputAudio;
  }

  /// These counts and `tokens` more of text in.
  public Usage plusInput(long tokens) {
    return plus(new Usage(tokens, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  /// The counts of both together.
  public Usage plus(Usage other) {
    return new Usage(
        input + other.input,
        cachedInput + other.cachedInput,
        cacheWrite5m + other.cacheWrite5m,
        cacheWrite1h + other.cacheWrite1h,
        cacheWrite30m + other.cacheWrite30m,
        cacheWrite12h + other.cacheWrite12h,
        inputAudio + other.inputAudio,
        output + other.output,
        reasoning + other.reasoning,
        outputAudio + other.outputAudio,
        reportedTotal + other.reportedTotal);
  }

  /// These counts and `tokens` more of text out.
  public Usage plusOutput(long tokens) {
    return plus(new Usage(0, 0, 0, 0, 0, 0, 0, tokens, 0, 0, 0));
  }
}
