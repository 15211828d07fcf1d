package io.llmproxy.provider.wire;

import io.llmproxy.provider.wire.ProviderError.Kind;
import io.llmproxy.provider.wire.ProviderError.Retry;

/// Whether another attempt may follow a provider's error.
final class ErrorRetries {
  private ErrorRetries() {}

  static Retry of(Kind kind, ErrorReply reply, ErrorEnvelope envelope) {
    Retry usual = usual(kind, envelope);
    String should = reply.field("x-should-retry");
    if (should == null) {
      return usual;
    }
    return switch (should.strip()) {
      // The provider speaks for itself alone.
      case "false" -> usual == Retry.SAME_TARGET ? Retry.OTHER_TARGET : usual;
      case "true" -> Retry.SAME_TARGET;
      default -> usual;
    };
  }

  private static Retry usual(Kind kind, ErrorEnvelope envelope) {
    return switch (kind) {
      case BAD_REQUEST -> isUnlucky(envelope.code()) ? Retry.SAME_TARGET : Retry.NEVER;
      case CONTEXT_LENGTH, CONTENT_POLICY -> Retry.NEVER;
      // Groq's limit is the plan's for a minute, where another target may take the request.
      case TOO_LARGE ->
          envelope.code().equals("rate_limit_exceeded") ? Retry.OTHER_TARGET : Retry.NEVER;
      case KEY_REJECTED, PERMISSION, MODEL_UNKNOWN, QUOTA_SPENT -> Retry.OTHER_TARGET;
      // GLM's limit of a day.
      case RATE_LIMITED -> envelope.code().equals("1304") ? Retry.OTHER_TARGET : Retry.SAME_TARGET;
      case OVERLOADED, TIMEOUT, SERVER_ERROR -> Retry.SAME_TARGET;
    };
  }

  /// The model's output was no good, which is told as the request's fault (Groq).
  private static boolean isUnlucky(String code) {
    return code.equals("tool_use_failed") || code.equals("json_validate_failed");
  }
}
