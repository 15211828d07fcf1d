package io.llmproxy.provider.wire;

import org.jspecify.annotations.Nullable;

/// A provider's error in one normal form, whichever provider it was.
///
/// @param status of HTTP, as the provider sent it
/// @param code the provider's own, such as `insufficient_quota` or `1302`; empty where it gave none
/// @param message the provider's own made safe: bounded, printable, secrets masked; empty where it
///   gave none that can be shown
/// @param param the request's field it blames, made safe; null for none
/// @param retryAfterMillis when to ask again, counted from the reply; [#UNKNOWN] where the provider
///   does not say
public record ProviderError(
    Kind kind,
    Retry retry,
    int status,
    String code,
    String message,
    @Nullable String param,
    long retryAfterMillis) {

  /// Stands for a wait that the provider does not name.
  public static final long UNKNOWN = RetryAfter.UNKNOWN;

  private static final int LONGEST_NAME = 100;

  /// What went wrong, as far as it makes a difference.
  public enum Kind {
    /// The request cannot be understood or holds what the provider does not take.
    BAD_REQUEST,
    /// The prompt is longer than the model takes.
    CONTEXT_LENGTH,
    /// The provider does not take our key.
    KEY_REJECTED,
    /// Our key may not do this.
    PERMISSION,
    /// The provider has no such model.
    MODEL_UNKNOWN,
    /// The request is larger than the provider, or our plan with it, takes.
    TOO_LARGE,
    /// Too much in too short a time.
    RATE_LIMITED,
    /// The account has no money or no allowance left.
    QUOTA_SPENT,
    /// The provider has too much to do.
    OVERLOADED,
    /// The provider took too long.
    TIMEOUT,
    /// The provider does not want to talk about this.
    CONTENT_POLICY,
    /// Anything else on the provider's side.
    SERVER_ERROR
  }

  /// Whether another attempt may follow, as far as the provider's answer tells.
  public enum Retry {
    /// The same request fails everywhere.
    NEVER,
    /// At this target, later, or at another.
    SAME_TARGET,
    /// Not at this target, nor with this key, but at another.
    OTHER_TARGET
  }

  /// Reads a provider's error.
  public static ProviderError read(ErrorReply reply) {
    ErrorEnvelope envelope = ErrorEnvelope.read(reply);
    Kind kind = ErrorKinds.of(reply, envelope);
    String code = envelope.detailCode().isEmpty() ? envelope.code() : envelope.detailCode();
    return new ProviderError(
        kind,
        ErrorRetries.of(kind, reply, envelope),
        reply.status(),
        name(code),
        SafeText.of(envelope.message()),
        envelope.param().isEmpty() ? null : name(envelope.param()),
        RetryAfter.millis(reply, envelope.message()));
  }

  /// Whether it is our token's age alone that GLM refuses: one attempt with a fresh one may follow.
  public boolean isTokenExpired() {
    return kind == Kind.KEY_REJECTED && code.equals("1003");
  }

  /// Whether the caller is to be told, by `x-should-retry: false`, that asking again is in vain,
  /// though the status would let it hope.
  public boolean isFinalForCaller() {
    return kind == Kind.QUOTA_SPENT;
  }

  /// The error as a caller that speaks `dialect` is told of it.
  ///
  /// @param provider its name in the configuration, for the messages that are about us
  public WireError toWireError(Dialect dialect, String provider, String requestId) {
    return CallerErrors.of(this, dialect, provider, requestId);
  }

  private static String name(String text) {
    return SafeText.bounded(SafeText.of(text), LONGEST_NAME);
  }
}
