package io.llmproxy.provider.wire;

/// A provider's error as callers are told of it, by their dialect.
final class CallerErrors {
  /// Claude Code looks for this to know that it must shorten the conversation.
  private static final String TOO_LONG = "prompt is too long";

  private CallerErrors() {}

  static WireError of(ProviderError error, Dialect dialect, String provider, String requestId) {
    boolean anthropic = dialect == Dialect.ANTHROPIC_MESSAGES;
    return new WireError(
        status(error.kind(), anthropic),
        type(error.kind()),
        code(error),
        message(error, anthropic, provider),
        error.param(),
        requestId);
  }

  private static int status(ProviderError.Kind kind, boolean anthropic) {
    return switch (kind) {
      case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY -> 400;
      case PERMISSION -> 403;
      case MODEL_UNKNOWN -> 404;
      case TOO_LARGE -> 413;
      case RATE_LIMITED -> 429;
      case QUOTA_SPENT -> anthropic ? 402 : 429;
      // The caller's key is fine: it is ours that is not.
      case KEY_REJECTED, SERVER_ERROR -> 502;
      // 529 is Anthropic's own; others' clients do not know it.
      case OVERLOADED -> anthropic ? 529 : 503;
      case TIMEOUT -> 504;
    };
  }

  private static String type(ProviderError.Kind kind) {
    return switch (kind) {
      case BAD_REQUEST, CONTEXT_LENGTH, CONTENT_POLICY, PERMISSION, MODEL_UNKNOWN, TOO_LARGE ->
          "invalid_request_error";
      case RATE_LIMITED -> "rate_limit_error";
      case QUOTA_SPENT -> "insufficient_quota";
      case KEY_REJECTED, SERVER_ERROR, OVERLOADED, TIMEOUT -> "server_error";
    };
  }

  private static String code(ProviderError error) {
    return switch (error.kind()) {
      // A finer code than that is of use to the caller; a number of GLM's is not.
      case BAD_REQUEST -> isWord(error.code()) ? error.code() : "invalid_request_error";
      case CONTEXT_LENGTH -> "context_length_exceeded";
      case CONTENT_POLICY -> "content_policy_violation";
      case PERMISSION -> "permission_denied";
      case MODEL_UNKNOWN -> "model_not_found";
      case TOO_LARGE -> "request_too_large";
      case RATE_LIMITED -> "rate_limit_exceeded";
      case QUOTA_SPENT -> "insufficient_quota";
      case KEY_REJECTED, SERVER_ERROR -> "upstream_error";
      case OVERLOADED -> "overloaded";
      case TIMEOUT -> "upstream_timeout";
    };
  }

  private static boolean isWord(String code) {
    return !code.isEmpty()
        && code.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'))
        && code.charAt(0) != '_';
  }

  private static String message(ProviderError error, boolean anthropic, String provider) {
    String said = error.message();
    return switch (error.kind()) {
      case CONTEXT_LENGTH ->
          anthropic && !said.startsWith(TOO_LONG) ? TOO_LONG + tail(said) : said(error, provider);
      case KEY_REJECTED ->
          // What it says of our key is for our log, not for callers.
          "provider " + provider + " does not take the key configured for it";
      case BAD_REQUEST,
          CONTENT_POLICY,
          PERMISSION,
          MODEL_UNKNOWN,
          TOO_LARGE,
          RATE_LIMITED,
          QUOTA_SPENT,
          OVERLOADED,
          TIMEOUT,
          SERVER_ERROR ->
          said(error, provider);
    };
  }

  private static String said(ProviderError error, String provider) {
    return error.message().isEmpty()
        ? "provider " + provider + " answered with status " + error.status()
        : error.message();
  }

  private static String tail(String said) {
    return said.isEmpty() ? "" : ": " + said;
  }
}
