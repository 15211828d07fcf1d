package io.llmproxy.provider.wire;

/// How many tokens a prompt is likely to be before anyone has counted them, and what learns from
/// the count. Belongs to one event loop.
///
/// @param raw by [TokenEstimate], 0 where none was made
/// @param factor the model's
public record PromptEstimate(long raw, TokenFactor factor) {

  /// No estimate was made. Nothing is learned by it, so that all event loops share it.
  public static final PromptEstimate NONE = new PromptEstimate(0, new TokenFactor());

  /// By what the model's replies have taught so far; 0 where no estimate was made.
  public long tokens() {
    return factor.apply(raw);
  }

  /// The provider counted `reported` tokens.
  public void learn(long reported) {
    factor.learn(raw, reported);
  }
}
