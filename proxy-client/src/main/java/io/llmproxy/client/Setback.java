package io.llmproxy.client;

/// What a try came to that did not succeed.
///
/// @param exception what the caller is told if no further try follows
/// @param retryAfterMillis when to ask again, −1 where nobody said
record Setback(Move move, LlmException exception, long retryAfterMillis) {

  /// What may follow.
  enum Move {
    /// Nothing.
    STOP,
    /// Another model, or another endpoint where each has its own.
    OTHER_TARGET,
    /// The same again, later; or another target.
    AGAIN,
    /// The same at another endpoint at once: this one is lost or about to end.
    ELSEWHERE,
    /// Likewise, and no provider can have seen the try, so that it costs nothing.
    ELSEWHERE_FREE
  }
}
