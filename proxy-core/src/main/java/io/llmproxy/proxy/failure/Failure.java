package io.llmproxy.proxy.failure;

import org.jspecify.annotations.Nullable;

/// One thing that went wrong: its kind, and what to tell the caller.
///
/// @param message what is wrong, with what and what to do; may reach the caller, so never a secret
/// @param param the request's field at fault, null for none
/// @param retryAfterMillis after how long the same request may succeed, −1 where that is not known
/// @param isFinal whether the same request is not going to succeed before something changes
public record Failure(
    FailureKind kind,
    String message,
    @Nullable String param,
    long retryAfterMillis,
    boolean isFinal) {

  public Failure(FailureKind kind, String message, @Nullable String param) {
    this(kind, message, param, -1, false);
  }

  public Failure(FailureKind kind, String message) {
    this(kind, message, null);
  }
}
