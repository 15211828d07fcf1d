package io.llmproxy.proxy.limit;

/// Why a request is over a limit.
///
/// @param scope whose limit it is
/// @param wanted how much of it the request needs
/// @param waitNanos after how long a request like it fits if nobody else asks, [#UNKNOWN] where
///   that depends on others, [#NEVER] where it is more than the limit
public record Refusal(Scope scope, Limit limit, long wanted, long waitNanos) {

  public static final long UNKNOWN = -1;
  public static final long NEVER = Long.MAX_VALUE;

  /// What is limited.
  public enum Limit {
    REQUESTS("requests per minute"),
    TOKENS("tokens per minute"),
    CONCURRENT_REQUESTS("concurrent requests");

    private final String text;

    Limit(String text) {
      this.text = text;
    }

    /// For messages.
    public String text() {
      return text;
    }
  }

  /// The limit's number.
  public long most() {
    return switch (limit) {
      case REQUESTS -> scope.requests() == null ? 0 : scope.requests().limit();
      case TOKENS -> scope.tokens() == null ? 0 : scope.tokens().limit();
      case CONCURRENT_REQUESTS -> scope.concurrent() == null ? 0 : scope.concurrent().limit();
    };
  }
}
